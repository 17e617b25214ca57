import CinchGit
import CinchRepository
import CinchSchema
import CinchSQLite

/// A data step that was tried on a scratch database and has no name yet.
struct DataStepDraft {
    var subjects: [RowSubject]
    var script: String
    var before: Schema
    var after: Schema?

    /// Tries statements that change rows on a schema.
    ///
    /// - Parameters:
    ///   - subjects: `table` or `table.column`, all that may be written; empty for anything.
    ///   - source: What to call the script in errors.
    /// - Throws: `CinchError` with `.invalid` for what SQLite refuses and for statements that do
    ///   anything but change rows, `.notFound` for a subject that isn't there, `.refused` for
    ///   writing beside the subjects.
    init(_ script: String, on subjects: [RowSubject], in schema: Schema, source: String?) throws {
        for subject in subjects { try Self.demand(subject, in: schema) }
        let scratch = try Scratch(statements: schema.statements(ids: false))
        let notes = Notes()
        scratch.observer = { notes.footprint.record($0) }
        var count = 0
        var texts: [String] = []
        do {
            try scratch.connection.forEachStatement(in: script) { statement, run in
                count += 1
                if let word = notes.footprint.refused {
                    throw CinchError(
                        code: .invalid,
                        message:
                            "Statement \(count) of the data step is no change of rows: \(word)",
                        hint: "Change the schema with 'cinch ddl'; leave out BEGIN and COMMIT, the"
                            + " step is one transaction anyway.")
                }
                try run()
                texts.append(statement.text)
            }
        } catch let error as SQLiteError {
            throw SchemaInterpreter.refusal(of: error, source: source)
        }
        scratch.observer = nil
        guard !notes.footprint.written.isEmpty else {
            throw CinchError(
                code: .invalid, message: "The data step changes no rows of any table",
                hint: "Give INSERT, UPDATE or DELETE statements.")
        }
        try Self.demand(notes.footprint.written, within: subjects)
        self.subjects = subjects.isEmpty ? notes.footprint.written.sorted() : subjects
        self.script = Self.joined(texts)
        before = schema.part(named: schema.reachable(from: notes.footprint.names))
    }

    /// Makes the step that fills columns of a schema on the way to it.
    ///
    /// Triggers don't fire: a row is not touched by getting a value for a new column.
    ///
    /// - Parameter before: The schema the change starts from.
    /// - Throws: `CinchError` with `.invalid` for an expression that can't be computed.
    init(filling backfills: [Backfill], in schema: Schema, over before: Schema) throws {
        var open: Schema
        do {
            open = try schema.open(to: backfills, over: before)
        } catch {
            throw CinchError(
                code: .invalid, message: "Rows can't be filled: \(error)",
                hint: "Write --fill table.column=EXPRESSION for a column the change leaves there.",
                cause: error)
        }
        open.triggers = NameSorted()
        let scratch = try Scratch(statements: open.statements(ids: false))
        let notes = Notes()
        scratch.observer = { notes.footprint.record($0) }
        for backfill in backfills {
            do {
                _ = try scratch.connection.prepare(backfill.statement)
            } catch {
                throw CinchError(
                    code: .invalid,
                    message: "The value for '\(backfill.subject)' can't be computed:"
                        + " \(error.message)",
                    hint: "Use an expression over the row's other columns, as after the change.",
                    cause: error)
            }
        }
        scratch.observer = nil
        subjects = backfills.map(\.subject)
        script = Self.joined(backfills.map(\.statement))
        self.before = open.part(named: open.reachable(from: notes.footprint.names))
    }

    /// A migration's statements, between the schema it found and the one it left; nil where they
    /// can't be run again in one transaction, or lead to another schema then.
    init?(migration effects: SchemaInterpreter.Effects, from before: Schema, to after: Schema) {
        guard !effects.history.contains(where: \.rollsBack) else { return nil }
        var keys = before.reachable(from: effects.names)
        keys.formUnion(Self.differing(before, after, \.tables))
        keys.formUnion(Self.differing(before, after, \.virtualTables))
        keys.formUnion(Self.differing(before, after, \.indexes))
        keys.formUnion(Self.differing(before, after, \.views))
        keys.formUnion(Self.differing(before, after, \.triggers))
        subjects = []
        script = Self.joined(effects.history.filter(\.isRecorded).map(\.text))
        self.before = before.part(named: keys)
        let wanted = after.part(named: keys)
        self.after = wanted == self.before ? nil : wanted
        guard let scratch = try? Scratch(statements: self.before.statements(ids: false)),
            (try? scratch.run([script])) != nil,
            let found = try? Schema(entries: scratch.schemaEntries()),
            found.withoutIDs == wanted.withoutIDs
        else { return nil }
    }

    /// The step, as part of a commit.
    ///
    /// - Parameters:
    ///   - parent: The commit's first parent.
    ///   - names: The steps there are in the commit's parents.
    func named(parent: ObjectID, after names: [DataStep.Name]) -> DataStep {
        let number = (names.map(\.number).max() ?? 0) + 1
        let id = StableID(hashing: "\(parent.hex)\0\(script)")
        return DataStep(
            name: DataStep.Name(number: number, id: id), subjects: subjects, script: script,
            before: before, after: after)
    }

    // MARK: Pieces

    private final class Notes {
        var footprint = StepFootprint()
    }

    private static func joined(_ statements: [String]) -> String {
        statements.map { text in
            if text.hasSuffix(";") { return text }
            // A comment may stand at the end.
            let hasComment = text.split(separator: "\n").last?.contains("--") == true
            return text + (hasComment ? "\n;" : ";")
        }.joined(separator: "\n")
    }

    private static func differing<Value: Named>(
        _ before: Schema, _ after: Schema, _ entities: KeyPath<Schema, NameSorted<Value>>
    ) -> Set<String> {
        let (before, after) = (before[keyPath: entities], after[keyPath: entities])
        let gone = before.filter { after[$0.name] != $0 }.map(\.name.key)
        return Set(gone + after.filter { before[$0.name] != $0 }.map(\.name.key))
    }

    private static func demand(_ subject: RowSubject, in schema: Schema) throws {
        let table = schema.tables[subject.table]
        if let column = subject.column {
            guard table?.column(named: column) == nil else { return }
        } else {
            guard table == nil, schema.virtualTables[subject.table] == nil else { return }
        }
        throw CinchError(
            code: .notFound, message: "There is no '\(subject)' in the schema",
            hint: "Name a table, or a column as table.column; see 'cinch table list'.")
    }

    private static func demand(
        _ written: Set<RowSubject>, within subjects: [RowSubject]
    ) throws {
        guard !subjects.isEmpty else { return }
        let allowed = Set(subjects.map(\.folded))
        let other = written.sorted().first { subject in
            !allowed.contains(subject) && !allowed.contains(RowSubject(table: subject.table))
        }
        guard let other else { return }
        throw CinchError(
            code: .refused, message: "The data step also writes '\(other)'",
            hint: "Add --on '\(other)' if that is meant.")
    }
}

extension Schema {
    /// The names, and whatever the views and triggers among them speak of, by key.
    fileprivate func reachable(from names: Set<String>) -> Set<String> {
        var found: Set<String> = []
        var open = Array(names)
        while let key = open.popLast() {
            guard found.insert(key).inserted else { continue }
            let name = Identifier(key)
            if let view = views[name] { open += view.select.names.map(\.key) }
            if let trigger = triggers[name] {
                open += trigger.body.flatMap(\.names).map(\.key)
            }
        }
        return found
    }
}
