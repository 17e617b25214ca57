package import CinchSchema
import CinchSQLite

/// Changes a schema by running SQL on a scratch database that has it, and reading it back.
///
/// SQLite is the interpreter; what is followed here is only which table and column is which.
package final class SchemaInterpreter {
    private let scratch: Scratch
    private var tracker: IdentityTracker
    private var marks = TransactionMarks()

    /// Builds the schema in a scratch database.
    package init(_ schema: Schema) throws {
        tracker = IdentityTracker(schema)
        do {
            scratch = try Scratch(statements: schema.statements(ids: false))
        } catch {
            throw CinchError(
                code: .invalid,
                message: "The schema can't be built by this SQLite: \(error.message)",
                hint: "Check the SQLite version with 'cinch --version'.", cause: error)
        }
    }

    /// What a script did besides changing the schema.
    package struct Effects: Hashable, Sendable {
        /// Statements that changed rows and nothing else; they have run but are recorded nowhere.
        package var dataStatements = 0
        /// Statements in all.
        package var statements = 0
        /// What was run, statement by statement.
        var history: [MigrationStatement] = []
        /// Keys of the tables, views and triggers the statements came by.
        var names: Set<String> = []
    }

    /// Runs a script of DDL and data statements.
    ///
    /// - Parameter source: What to call the script in errors: a file's name.
    /// - Throws: `CinchError` with `.invalid` naming the statement SQLite refused.
    @discardableResult
    package func run(_ script: String, source: String? = nil) throws -> Effects {
        var effects = Effects()
        let connection = scratch.connection
        let notes = Notes()
        scratch.observer = { notes.footprint.record($0) }
        defer { scratch.observer = nil }
        do {
            try connection.forEachStatement(in: script) { statement, run in
                effects.statements += 1
                let event = IdentityEvent(statement.text)
                let changesRows = !statement.isReadOnly && Self.changesRows(statement.text)
                effects.history.append(
                    MigrationStatement(
                        text: statement.text, event: event, changesRows: changesRows,
                        written: notes.footprint.written))
                effects.names.formUnion(notes.footprint.names)
                notes.footprint = StepFootprint()
                switch event {
                case .copyRows?, .copyColumns?: if let event { record(event) }
                default: break
                }
                try run()
                if let earlier = marks.record(statement.text, tracker: tracker) {
                    tracker = earlier
                }
                switch event {
                case .copyRows?, .copyColumns?: effects.dataStatements += 1
                case .dropTable(let name)? where try stillHas(name): break
                case let event?: record(event)
                case nil:
                    if changesRows { effects.dataStatements += 1 }
                }
            }
        } catch let error as SQLiteError {
            connection.rollback()
            tracker = marks.end(rolledBack: true) ?? tracker
            throw Self.refusal(of: error, source: source)
        }
        if connection.isInTransaction { try connection.execute("COMMIT") }
        _ = marks.end(rolledBack: false)
        try refuseAttached()
        return effects
    }

    private final class Notes {
        var footprint = StepFootprint()
    }

    /// The guard has to let `ATTACH ''` pass, since VACUUM does that; what is created there would
    /// be in no commit.
    private func refuseAttached() throws {
        let name = try scratch.connection.scalar(
            "SELECT name FROM pragma_database_list WHERE name NOT IN ('main', 'temp')")
        guard let name = name?.text else { return }
        throw CinchError(
            code: .invalid, message: "The SQL attaches a database '\(name)'",
            hint: "Leave ATTACH out: a schema tree is one database.")
    }

    /// Whether a table outlived the DROP of its name: that one was a temporary table before it.
    private func stillHas(_ table: Identifier) throws -> Bool {
        try scratch.connection.scalar(
            "SELECT 1 FROM main.sqlite_schema WHERE type = 'table' AND name = ? COLLATE NOCASE",
            [.text(table.text)]) != nil
    }

    private func record(_ event: IdentityEvent) {
        tracker.record(event) { [scratch] table in
            let rows = try? scratch.connection.rows(
                "SELECT name FROM pragma_table_xinfo(?) WHERE hidden = 0 ORDER BY cid",
                [.text(table.text)])
            return (rows ?? []).compactMap { $0.first?.text.map { Identifier($0) } }
        }
    }

    private static func changesRows(_ sql: String) -> Bool {
        let word = SQLText.outline(sql, count: 1).words.first ?? ""
        return ["INSERT", "UPDATE", "DELETE", "REPLACE", "WITH"].contains(word)
    }

    /// The schema as it is now, with the ids of everything that was there before.
    ///
    /// - Parameter upcoming: What will be run after this schema is committed, as far as it is known.
    /// - Throws: `CinchError` with `.invalid` naming a construct that can't be kept.
    package func schema(before upcoming: UpcomingStatements = UpcomingStatements()) throws -> Schema
    {
        let entries = try scratch.schemaEntries()
        do {
            return tracker.assign(to: try Schema(entries: entries), before: upcoming)
        } catch {
            throw Self.unkeepable(error)
        }
    }

    /// The schema as it is now, with the ids its text carries and no others.
    package func writtenSchema() throws -> Schema {
        do {
            return try Schema(entries: scratch.schemaEntries())
        } catch let error as SchemaError {
            throw Self.unkeepable(error)
        }
    }

    /// What comments in scripts that were run say tables and columns were called before.
    package func renameHints(in scripts: [String]) throws -> RenameHints {
        try RenameHints(entries: scratch.schemaEntries(), scripts: scripts)
    }

    /// Temporary tables and views that scripts have left; they belong to no schema.
    package func temporaryEntities() throws -> [String] {
        try scratch.connection.rows("SELECT type || ' ' || name FROM sqlite_temp_schema")
            .compactMap { $0.first?.text }
    }

    /// Goes on from the commit of what `schema` gave: takes over the ids it has given to what was
    /// new, and remembers which rows were copied.
    package func goOn(from schema: Schema) { tracker.goOn(from: schema) }

    private static func unkeepable(_ error: SchemaError) -> CinchError {
        CinchError(
            code: .invalid, message: "The schema can't be kept: \(error)",
            hint: "Leave this construct out, or write it another way.", cause: error)
    }

    /// The lines of comments and empty statements before a statement: SQLite counts the comment
    /// after the semicolon before it, at the end of that line, as part of it.
    private static func linesBefore(_ sql: String) -> Int {
        let bytes = Array(sql.utf8)
        var index = 0
        while index < bytes.count,
            bytes[index] == UInt8(ascii: ";") || SQLText.isTrivia(at: index, in: bytes)
        {
            index = SQLText.end(ofTokenAt: index, in: bytes)
        }
        return bytes[..<index].count { $0 == UInt8(ascii: "\n") }
    }

    static func refusal(of error: SQLiteError, source: String?) -> CinchError {
        let place = error.position.map { position in
            let line = position.line + linesBefore(error.sql ?? "")
            return "statement \(position.number), line \(line)"
        }
        let what = [source.map { "'\($0)'" }, place].compactMap { $0 }.joined(separator: ", ")
        let subject = what.isEmpty ? "The SQL" : "The SQL in \(what)"
        return CinchError(
            code: .invalid, message: "\(subject) can't be run: \(error.message)",
            hint: error.code == .authorization
                ? "Leave out what reaches beyond the schema: ATTACH, extensions, settings of files."
                : "Try it with 'sqlite3 :memory:', correct it and run the command again.",
            cause: error)
    }
}
