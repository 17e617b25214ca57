import CinchGit
import CinchRepository
package import CinchSchema

extension CinchDatabase {
    /// Changes a branch's schema in one commit.
    ///
    /// - Parameters:
    ///   - branch: The branch; absent for the current one.
    ///   - message: The commit message; absent for one made from what changed.
    ///   - change: Changes the schema, usually by running SQL.
    /// - Returns: Absent when the schema is what it was: there is no commit then.
    package func edit(
        on branch: String? = nil, message: String? = nil, soundness: Soundness = .noted,
        settings: RolloutSettings = RolloutSettings(),
        _ change: (SchemaInterpreter) throws -> [String]
    ) throws -> Publication? {
        let branch = try branch.map { try ReferenceName.branch($0) } ?? currentBranch()
        let tip = try branchTip(branch)
        let before = try history.schema(of: tip)
        let interpreter = try SchemaInterpreter(before)
        let notes = try change(interpreter)
        try Self.refuseTemporaryEntities(in: interpreter)
        return try commit(
            interpreter.schema(), over: before, at: tip, on: branch, message: message,
            notes: notes, soundness: soundness, settings: settings)
    }

    /// Runs DDL on a branch, the current one if absent; statements that only change rows run on
    /// the scratch database and are recorded nowhere.
    package func run(
        ddl: String, on branch: String? = nil, source: String? = nil, message: String? = nil,
        soundness: Soundness = .noted, settings: RolloutSettings = RolloutSettings()
    ) throws -> Publication? {
        try edit(on: branch, message: message, soundness: soundness, settings: settings) {
            interpreter in
            let effects = try interpreter.run(ddl, source: source)
            guard effects.statements > 0 else {
                throw CinchError(
                    code: .invalid, message: "There is no SQL statement in it",
                    hint: "Give statements such as CREATE TABLE or ALTER TABLE.")
            }
            return Self.notes(effects)
        }
    }

    /// Runs statements made from what a user asked for: each text must be one statement, and what
    /// comes of them must work.
    ///
    /// - Parameter branch: The branch; absent for the current one.
    package func run(
        statements: [String], on branch: String? = nil, message: String? = nil,
        settings: RolloutSettings = RolloutSettings()
    ) throws -> Publication? {
        for sql in statements where sql.hasPrefix("CREATE") {
            do {
                _ = try Statement(parsing: sql)
            } catch {
                throw CinchError(
                    code: .invalid, message: "This makes no single statement: \(error)",
                    hint: "Correct the SQL; several statements go into 'cinch ddl'.")
            }
        }
        let script = statements.map { $0.hasSuffix(";") ? $0 : $0 + ";" }.joined(separator: "\n")
        return try run(
            ddl: script, on: branch, message: message, soundness: .demanded, settings: settings)
    }

    /// Makes the current branch's schema what a script creates from nothing.
    ///
    /// Tables and columns keep their identity by name, or by the comment on their line: their id,
    /// or `renamed from: old`. What else is gone and what is new is a loss and an addition, never
    /// guessed to be a rename; the publication's notes say where it could be one.
    ///
    /// - Parameter scripts: Texts and what to call them, in the order they are run.
    package func apply(
        _ scripts: [(source: String, sql: String)], message: String? = nil,
        settings: RolloutSettings = RolloutSettings()
    ) throws -> Publication? {
        let branch = try currentBranch()
        let tip = try branchTip(branch)
        let before = try history.schema(of: tip)
        let interpreter = try SchemaInterpreter(Schema())
        var effects = SchemaInterpreter.Effects()
        for script in scripts {
            let more = try interpreter.run(script.sql, source: script.source)
            effects.statements += more.statements
            effects.dataStatements += more.dataStatements
        }
        guard effects.statements > 0 else {
            throw CinchError(
                code: .invalid, message: "There is no SQL statement in what was to be applied",
                hint: "Check the path; an empty schema is applied by dropping its tables.")
        }
        try Self.refuseTemporaryEntities(in: interpreter)
        let after = try interpreter.writtenSchema().identified(
            by: before, hints: interpreter.renameHints(in: scripts.map(\.sql))
        ) { try wasCalled($2, table: $0, column: $1, at: tip) }.allocatingIDs(parent: tip)
        return try commit(
            after, over: before, at: tip, on: branch, message: message,
            notes: Self.notes(effects) + Self.unmarkedRenames(from: before, to: after),
            settings: settings)
    }

    private static func refuseTemporaryEntities(in interpreter: SchemaInterpreter) throws {
        guard let first = try interpreter.temporaryEntities().first else { return }
        throw CinchError(
            code: .invalid, message: "A temporary \(first) can't be kept in a schema tree",
            hint: "Create it without TEMP, or drop it at the end of the script.")
    }

    /// Whether what changes may leave statements that can't run.
    package enum Soundness: Sendable {
        /// It may, and the publication's notes say so: scripts can be half of a change.
        case noted
        /// It may not: nothing is committed then.
        case demanded
    }

    /// What SQLite can't run after a change and could before, and what is new and can't be run.
    ///
    /// Only what the change may concern is built and compiled, however large the schema.
    private func newFailures(from whole: Schema, to wholeAfter: Schema) -> [String] {
        let isLeftOut = { (whole: Schema, part: Schema) in
            { (name: Identifier) in whole.tables[name] != nil && part.tables[name] == nil }
        }
        let part = wholeAfter.surroundings(ofChangesFrom: whole)
        let after = part.withoutForeignKeys(to: isLeftOut(wholeAfter, part))
        let partBefore = whole.surroundings(ofChangesFrom: wholeAfter)
        let before = partBefore.withoutForeignKeys(to: isLeftOut(whole, partBefore))
        guard let strict = try? SemanticCheck(after).failures, !strict.isEmpty else { return [] }
        let loose = (try? SemanticCheck(after, strictNames: false).failures) ?? [:]
        let known = try? SemanticCheck(before)
        return strict.keys.sorted().filter { what in
            if known?.failures[what] != nil { return false }
            // A string in double quotes is one as long as it always was.
            return loose[what] != nil || known?.compiled.contains(what) == true
        }.map { "\($0): \((loose[$0] ?? strict[$0])?.message ?? "")" }
    }

    static func notes(_ effects: SchemaInterpreter.Effects) -> [String] {
        guard effects.dataStatements > 0 else { return [] }
        let count = effects.dataStatements
        return [
            "\(count) data statement\(count == 1 ? "" : "s") ran on a scratch database"
                + " and \(count == 1 ? "is" : "are") not recorded"
        ]
    }

    func commit(
        _ after: Schema, over before: Schema, at tip: ObjectID, on branch: ReferenceName,
        message: String?, notes: [String], soundness: Soundness = .noted,
        settings: RolloutSettings
    ) throws -> Publication? {
        // New ids first: what was dropped and made anew is not what it was.
        let after = after.allocatingIDs(parent: tip)
        guard after != before else {
            guard let first = settings.backfills.first else { return nil }
            throw CinchError(
                code: .invalid,
                message:
                    "The schema is what it was: there is nothing to fill '\(first.subject)' for",
                hint: "To change rows alone, run 'cinch data-step'.")
        }
        let steps = try dataSteps(
            filling: settings.backfills, in: after, over: before,
            after: history.git.readCommit(tip).tree, parent: tip)
        let changes = SchemaDiff(from: before, to: after).changes
        let broken = newFailures(from: before, to: after)
        if soundness == .demanded, let first = broken.first {
            let others = broken.count > 1 ? " and \(broken.count - 1) more" : ""
            throw CinchError(
                code: .invalid, message: "SQLite could not run this afterwards: \(first)\(others)",
                hint: "Correct it, or change everything concerned with one 'cinch ddl'.")
        }
        let notes = notes + broken.map { "SQLite can't run this any more: \($0)" }
        let message = message ?? Self.message(for: changes)
        let commit = try history.write(
            after, parents: [tip], message: message, signature: signature(),
            author: signature(.author), dataSteps: steps)
        let subject = message.split(separator: "\n", omittingEmptySubsequences: false).first ?? ""
        let report = try publish(
            commit, on: branch, from: tip, action: "commit: \(subject)",
            occasion: .commit(), settings: settings)
        return Publication(
            branch: branch.shortName, commit: commit, changes: changes, rollout: report,
            notes: notes, dataSteps: steps)
    }

    /// A subject that says what changed, and a line for each change where there are several.
    package static func message(for changes: [SchemaChange]) -> String {
        let lines = changes.map(\.summary)
        guard let first = lines.first else { return "Change nothing but the text" }
        let capitalized = first.prefix(1).uppercased() + first.dropFirst()
        let subject = capitalized.split(separator: "\n")[0]
        guard lines.count > 1 else { return String(subject) }
        let others = lines.count - 1
        let title = "\(subject) and \(others) other change\(others == 1 ? "" : "s")"
        return title + "\n\n" + lines.map { "- \($0)" }.joined(separator: "\n")
    }
}
