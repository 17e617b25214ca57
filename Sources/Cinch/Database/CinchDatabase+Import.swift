package import CinchGit
import CinchRepository
import CinchSchema
import CinchSQLite

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// One migration of a project's history.
package struct Migration: Hashable, Sendable {
    /// The file's name, for the commit message and for errors.
    package var name: String
    /// Its SQL.
    package var sql: String

    /// Makes a migration.
    package init(name: String, sql: String) {
        self.name = name
        self.sql = sql
    }
}

extension CinchDatabase {
    /// Runs migrations one after another, a commit each, and moves the branch once at the end.
    ///
    /// Which table and column is which is followed from one migration to the next, so a table may be
    /// rebuilt in several. Data statements are run, so that what later ones rely on is there, but
    /// recorded only where they write columns of which that migration or a later one demands
    /// something: it is a data step then. A migration that SQLite refuses stops the import with
    /// nothing changed.
    ///
    /// - Parameter progress: Called after each migration with the number done; each is read twice.
    /// - Returns: The commits, in the order of the migrations, and where the branch is now.
    package func importMigrations(
        _ migrations: [Migration], settings: RolloutSettings = RolloutSettings(),
        progress: (Int) -> Void = { _ in }
    ) throws -> (commits: [ObjectID], publication: Publication) {
        try Self.refuseBackfills(settings, by: "An import of migrations")
        let branch = try currentBranch()
        let tip = try branchTip(branch)
        let before = try history.schema(of: tip)
        let isNeeded = try Self.needs(of: migrations, from: before, progress: progress)
        let interpreter = try SchemaInterpreter(before)
        let (committer, author) = (try signature(), try signature(.author))
        var commits: [ObjectID] = []
        var (statements, recorded) = (0, 0)
        var previous = before
        for (place, (migration, later)) in Self.withUpcoming(migrations).enumerated() {
            let effects = try interpreter.run(migration.sql, source: migration.name)
            statements += effects.dataStatements
            let parent = commits.last ?? tip
            let schema = try interpreter.schema(before: later).allocatingIDs(parent: parent)
            let draft =
                isNeeded[place]
                ? DataStepDraft(migration: effects, from: previous, to: schema) : nil
            let step = try draft.map { try named($0, after: parent) }
            if step != nil { recorded += effects.dataStatements }
            let commit = try history.write(
                schema, parents: [parent], message: migration.name,
                signature: committer, author: author, dataSteps: step.map { [$0] } ?? [])
            previous = try history.schema(of: commit)
            interpreter.goOn(from: previous)
            commits.append(commit)
            progress(migrations.count + commits.count)
        }
        guard let last = commits.last else {
            throw CinchError(
                code: .notFound, message: "There is no migration to import",
                hint: "Name a folder that has .sql files in it.")
        }
        let report = try publish(
            last, on: branch, from: tip, action: "import: \(commits.count) migrations",
            occasion: .commit("import"), settings: settings)
        let changes = SchemaDiff(from: before, to: try history.schema(of: last)).changes
        var notes: [String] = []
        if recorded > 0 { notes.append("\(recorded) data statements are recorded as data steps") }
        if statements > recorded {
            notes.append("\(statements - recorded) data statements ran but are not recorded")
        }
        return (
            commits,
            Publication(
                branch: branch.shortName, commit: last, changes: changes, rollout: report,
                notes: notes)
        )
    }

    /// Each migration with the statements that come after it.
    private static func withUpcoming(
        _ migrations: [Migration]
    ) -> [(migration: Migration, upcoming: UpcomingStatements)] {
        let events = migrations.map { IdentityEvent.events(in: $0.sql) }
        var upcoming = events.flatMap { $0 }[...]
        return zip(migrations, events).map { migration, events in
            upcoming = upcoming.dropFirst(events.count)
            return (migration, UpcomingStatements(upcoming))
        }
    }

    /// Which migrations compute values that a constraint of theirs or of a later one relies on.
    private static func needs(
        of migrations: [Migration], from before: Schema, progress: (Int) -> Void
    ) throws -> [Bool] {
        let interpreter = try SchemaInterpreter(before)
        var needs = MigrationNeeds()
        var previous = before
        for (place, (migration, later)) in withUpcoming(migrations).enumerated() {
            let effects = try interpreter.run(migration.sql, source: migration.name)
            // Identities for the time being: no commit has them.
            let parent = ObjectFormat.sha256.objectID(of: .blob, Array("\(place)".utf8))
            let schema = try interpreter.schema(before: later).allocatingIDs(parent: parent)
            needs.record(effects, from: previous, to: schema, before: later)
            interpreter.goOn(from: schema)
            previous = schema
            progress(place + 1)
        }
        return needs.answers()
    }

    /// Makes the current branch's schema that of a SQLite file, which is only read.
    ///
    /// - Parameter replacing: Also when that drops tables the branch has.
    package func importSchema(
        from path: String, replacing: Bool, message: String? = nil,
        settings: RolloutSettings = RolloutSettings()
    ) throws -> Publication? {
        let branch = try currentBranch()
        let tip = try branchTip(branch)
        let before = try history.schema(of: tip)
        guard access(path, R_OK) == 0 else {
            throw CinchError(
                code: .notFound, message: "'\(path)' can't be read", hint: "Check the path.")
        }
        let entries = try Connection(path: path, access: .readOnly).schemaEntries()
        let after = try Schema(entries: entries).identified(by: before)
        let dropped = SchemaDiff(from: before, to: after).changes.filter { $0.verb == "drop" }
        guard replacing || dropped.isEmpty else {
            throw CinchError(
                code: .refused,
                message: "'\(path)' lacks what the branch has: "
                    + dropped.map(\.summary).joined(separator: ", "),
                hint: "Import on a branch of its own, or drop it with --replace.")
        }
        _ = try SchemaInterpreter(after)
        return try commit(
            after, over: before, at: tip, on: branch, message: message ?? "Import \(path)",
            notes: [], settings: settings)
    }
}
