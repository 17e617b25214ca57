import CinchSQLite
import CinchSchema

/// A script that was seen to lead from one schema to another.
struct ProvenPlan: Hashable, Sendable {
    /// What is run.
    let script: ChangeScript
    /// The tables, by their names afterwards, whose rows' foreign keys are looked at.
    let checkedTables: [String]

    /// Proves a script on scratch databases.
    ///
    /// It is run on `from` built without identities in the text and again built with them, since
    /// a tenant's own text may be either and ALTER TABLE edits that text. Both results and a
    /// database built from `to` must read back as `to`.
    ///
    /// - Throws: `.unprovenPlan`.
    init(_ script: ChangeScript, from: Schema, to: Schema) throws(MaterializerError) {
        self.script = script
        let wanted = to.withoutIDs
        var checked: [String] = []
        do {
            try Self.expect(
                wanted, in: Scratch(statements: to.statements(ids: false)), "The target itself")
            for ids in [false, true] {
                let scratch = try Scratch(statements: from.statements(ids: ids))
                try scratch.run([ParkedRegistry.ddl] + script.parked.map(\.outline))
                try scratch.run(script.statements)
                try Self.expect(wanted, in: scratch, "The plan's result")
                checked = try Self.tablesToCheck(script.changedTables, in: scratch.connection)
            }
        } catch let error as MaterializerError {
            throw error
        } catch {
            throw MaterializerError(.unprovenPlan, "The plan fails on a scratch database: \(error)")
        }
        checkedTables = checked
    }

    private static func expect(
        _ wanted: Schema, in scratch: Scratch, _ what: String
    ) throws {
        let found = try Schema(entries: scratch.schemaEntries()).withoutIDs
        guard found != wanted else { return }
        throw MaterializerError(
            .unprovenPlan,
            "\(what) differs from the schema aimed at: \(SchemaDifference.first(found, wanted))")
    }

    /// The changed tables that refer to others, and those that refer to a changed one.
    private static func tablesToCheck(
        _ changed: [String], in connection: Connection
    ) throws -> [String] {
        let changed = Set(changed.map { Identifier($0).key })
        let references = try connection.rows(
            """
            SELECT DISTINCT m.name, f."table" FROM main.sqlite_schema AS m
            JOIN pragma_foreign_key_list(m.name) AS f
            WHERE m.type = 'table' ORDER BY m.name
            """)
        var tables: [String] = []
        for row in references {
            guard let table = row[0].text, let parent = row[1].text, tables.last != table,
                changed.contains(Identifier(table).key) || changed.contains(Identifier(parent).key),
                canCheck(table, in: connection)
            else { continue }
            tables.append(table)
        }
        return tables
    }

    /// Whether SQLite can check the table at all: not if a key refers to columns that are not
    /// unique, which is the schema's fault and the same in every tenant.
    private static func canCheck(_ table: String, in connection: Connection) -> Bool {
        do {
            _ = try ForeignKeyViolations(in: [table], connection)
            return true
        } catch {
            return false
        }
    }
}

/// Says in a few words where two schemas differ.
enum SchemaDifference {
    /// The first statement that one has and the other has not, as its first line.
    static func first(_ found: Schema, _ wanted: Schema) -> String {
        let foundTexts = found.statements(ids: false)
        let wantedTexts = wanted.statements(ids: false)
        let foundSet = Set(foundTexts)
        let wantedSet = Set(wantedTexts)
        if let text = foundTexts.first(where: { !wantedSet.contains($0) }) {
            return "unexpected \(firstLine(text))"
        }
        if let text = wantedTexts.first(where: { !foundSet.contains($0) }) {
            return "missing \(firstLine(text))"
        }
        return "the same statements with another meaning"
    }

    private static func firstLine(_ text: String) -> String {
        let line = text.prefix { $0 != "\n" }
        return "'\(line.count > 80 ? line.prefix(80) + "…" : line)'"
    }
}
