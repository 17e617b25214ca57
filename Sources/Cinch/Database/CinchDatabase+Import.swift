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
    /// not recorded. A
    /// migration that SQLite refuses stops the import with nothing changed.
    ///
    /// - Parameter progress: Called after each migration with the number done.
    /// - Returns: The commits, in the order of the migrations, and where the branch is now.
    package func importMigrations(
        _ migrations: [Migration], settings: RolloutSettings = RolloutSettings(),
        progress: (Int) -> Void = { _ in }
    ) throws -> (commits: [ObjectID], publication: Publication) {
        let branch = try currentBranch()
        let tip = try branchTip(branch)
        let before = try history.schema(of: tip)
        let interpreter = try SchemaInterpreter(before)
        let (committer, author) = (try signature(), try signature(.author))
        var commits: [ObjectID] = []
        var notes = 0
        let events = migrations.map { IdentityEvent.events(in: $0.sql) }
        var upcoming = events.flatMap { $0 }[...]
        for (migration, events) in zip(migrations, events) {
            let effects = try interpreter.run(migration.sql, source: migration.name)
            notes += effects.dataStatements
            upcoming = upcoming.dropFirst(events.count)
            let schema = try interpreter.schema(before: UpcomingStatements(upcoming))
            let commit = try history.write(
                schema, parents: [commits.last ?? tip], message: migration.name,
                signature: committer, author: author)
            interpreter.goOn(from: try history.schema(of: commit))
            commits.append(commit)
            progress(commits.count)
        }
        guard let last = commits.last else {
            throw CinchError(
                code: .notFound, message: "There is no migration to import",
                hint: "Name a folder that has .sql files in it.")
        }
        let report = try publish(
            last, on: branch, from: tip, action: "import: \(commits.count) migrations",
            settings: settings)
        let changes = SchemaDiff(from: before, to: try history.schema(of: last)).changes
        return (
            commits,
            Publication(
                branch: branch.shortName, commit: last, changes: changes, rollout: report,
                notes: notes == 0 ? [] : ["\(notes) data statements ran but are not recorded"])
        )
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
