import CinchSQLite
import CinchSchema

/// A database on which operations are tried, with nothing but SQLite to judge them.
struct MatrixDatabase {
    private(set) var connection: Connection
    private var names = CurrentNames()
    /// Follows identity for the merge; the oracle has no use for it.
    private var tracker: IdentityTracker

    init(_ base: MatrixBase, identities: Schema = Schema()) throws {
        connection = try Self.open()
        try connection.execute(base.script)
        tracker = IdentityTracker(identities)
    }

    private static func open() throws -> Connection {
        let connection = try Connection()
        try connection.refuseDoubleQuotedStrings()
        return connection
    }

    /// The schema with the identities it began with.
    func schema() throws -> Schema {
        tracker.assign(to: try Schema(entries: connection.schemaEntries()))
    }

    func inventory() throws -> Inventory { try Inventory(of: connection) }

    mutating func run(_ operations: [MatrixOperation]) throws {
        for operation in operations {
            for edit in operation.script { try run(edit) }
            names.follow(operation)
        }
    }

    private mutating func run(_ edit: Edit) throws {
        switch edit {
        case .run(let template):
            let sql = try names.fill(template)
            try connection.execute(sql)
            if let event = IdentityEvent(sql) { tracker.record(event) { _ in [] } }
        case .change(let column, let old, let new):
            let name = try names[column]
            try rewrite(Self.table(of: column)) { try $0.change(name, old, to: new) }
        case .extend(let column, let template):
            let (name, text) = (try names[column], try names.fill(template))
            try rewrite(Self.table(of: column)) { try $0.extend(name, with: text) }
        case .moveKey(let column, let template):
            let (name, text) = (try names[column], try names.fill(template))
            try rewrite(Self.table(of: column)) {
                try $0.change(name, "PRIMARY KEY", to: "NOT NULL")
                $0.constrain(text)
            }
        case .constrain(let table, let template):
            let text = try names.fill(template)
            try rewrite(table) { $0.constrain(text) }
        case .option(let table, let text):
            try rewrite(table) { $0.addOption(text) }
        case .moveToFront(let column):
            let name = try names[column]
            try rewrite(Self.table(of: column)) { try $0.moveToFront(name) }
        }
    }

    private static func table(of path: String) -> String {
        String(path.prefix { $0 != "." })
    }

    /// Edits the text of a table as somebody would in a dump, and loads the dump anew.
    ///
    /// ALTER TABLE can't make these edits, and a table that is written out as a whole would undo
    /// what the other side did to it. There are no rows to carry over.
    private mutating func rewrite(_ table: String, _ edit: (inout TableText) throws -> Void) throws
    {
        let name = try names[table]
        let next = try Self.open()
        var isFound = false
        for sql in try Inventory(of: connection).statements {
            let words = SQLWords.split(sql)
            guard words[1] == "table", words[2] == name else {
                try next.execute(sql)
                continue
            }
            var text = try TableText(sql)
            try edit(&text)
            try next.execute(text.sql)
            isFound = true
        }
        guard isFound else { throw TableText.Misfit(description: "no table \(name)") }
        connection = next
    }
}

// MARK: - What works

extension MatrixDatabase {
    /// Why something an application could do can't even be compiled; nil when all of it can.
    func failure() throws -> String? {
        try connection.execute("PRAGMA foreign_keys = ON")
        for sql in try statements() {
            do {
                _ = try connection.prepare("EXPLAIN \(sql)")
            } catch {
                return "\(error.message): \(sql)"
            }
        }
        return try deadColumn()
    }

    private func statements() throws -> [String] {
        let texts = try connection.rows(
            """
            SELECT 'SELECT * FROM "' || name || '"' FROM sqlite_schema WHERE type = 'view'
            UNION ALL SELECT 'DELETE FROM "' || name || '"' FROM sqlite_schema
              WHERE type = 'table' AND name NOT LIKE 'sqlite%'
            UNION ALL SELECT 'INSERT INTO "' || name || '" DEFAULT VALUES' FROM sqlite_schema
              WHERE type = 'table' AND name NOT LIKE 'sqlite%'
            UNION ALL SELECT 'UPDATE "' || t.name || '" SET ' || group_concat(
                '"' || c.name || '" = "' || c.name || '"') FROM sqlite_schema t
              JOIN pragma_table_xinfo(t.name) c ON c.hidden = 0
              WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%' GROUP BY t.name
            UNION ALL SELECT 'INSERT INTO "' || tbl_name || '" DEFAULT VALUES' FROM sqlite_schema
              WHERE type = 'trigger' AND sql LIKE '%INSTEAD OF INSERT%'
            """)
        return texts.compactMap { $0[0].text }
    }

    /// A column after UPDATE OF that isn't there; SQLite says nothing about it.
    private func deadColumn() throws -> String? {
        let triggers = try connection.rows(
            "SELECT tbl_name, sql FROM sqlite_schema WHERE type = 'trigger' AND sql LIKE '% OF %'")
        for trigger in triggers {
            guard let table = trigger[0].text, let sql = trigger[1].text else { continue }
            let words = SQLWords.split(sql)
            guard let place = words.firstIndex(of: "of"), words[place - 1] == "update" else {
                continue
            }
            for column in words[(place + 1)...].prefix(while: { $0 != "on" }) where column != "," {
                let found = try connection.scalar(
                    "SELECT 1 FROM pragma_table_xinfo(?) WHERE lower(name) = ?",
                    [.text(table), .text(column)])
                if found == nil { return "UPDATE OF \(column) of \(table)" }
            }
        }
        return nil
    }
}

// MARK: - What there is

/// What a schema consists of.
struct Inventory: Hashable, Sendable {
    /// The statements that make it.
    var statements: [String]

    init(_ statements: [String]) { self.statements = statements }

    init(of connection: Connection) throws {
        let rows = try connection.rows(
            """
            SELECT sql FROM sqlite_schema WHERE sql NOTNULL AND name NOT LIKE 'sqlite%'
            ORDER BY type <> 'table', rowid
            """)
        statements = rows.compactMap { $0[0].text }
    }

    /// Tells whether SQLite sees the same in both, the order of columns aside.
    func isSame(as other: Inventory) throws -> Bool {
        let gists = { (statements: [String]) in statements.map(SQLWords.gist).sorted() }
        if gists(statements) == gists(other.statements) { return true }
        return try introspection() == other.introspection()
    }

    /// Everything SQLite tells about the schema, the order of columns aside.
    func introspection() throws -> [String] {
        let connection = try Connection()
        for statement in statements { try connection.execute(statement) }
        try Self.indexEveryColumn(of: connection)
        let facts = try connection.rows(
            """
            SELECT 'table ' || name || wr || strict FROM pragma_table_list
              WHERE schema = 'main' AND name NOT LIKE 'sqlite%' AND type = 'table'
            UNION ALL SELECT format('column %s.%s %s %s %s %s %s', t.name, lower(c.name),
                upper(c.type), c."notnull", c.pk, c.hidden, c.dflt_value)
              FROM sqlite_schema t JOIN pragma_table_xinfo(t.name) c
              WHERE t.type IN ('table', 'view')
            UNION ALL SELECT format('index of %s %s %s %s %s %s', t.name, i."unique", i.origin,
                i.partial, iif(i.origin = 'c', i.name, ''), group_concat(format('%s %s %s %s',
                    lower(k.name), k."desc", k.coll, k.key)))
              FROM sqlite_schema t JOIN pragma_index_list(t.name) i
              JOIN pragma_index_xinfo(i.name) k
              WHERE t.type = 'table' AND k.key GROUP BY t.name, i.name
            UNION ALL SELECT format('key of %s to %s %s %s %s', t.name, lower(k."table"),
                k.on_update, k.on_delete, group_concat(format('%s %s', k."from", k."to")))
              FROM sqlite_schema t JOIN pragma_foreign_key_list(t.name) k
              WHERE t.type = 'table' GROUP BY t.name, k.id
            """
        ).compactMap { $0[0].text }
        let texts = try connection.rows(
            "SELECT type, name, sql FROM sqlite_schema WHERE sql NOTNULL AND name NOT LIKE 'probe %'"
        )
        return
            (facts
            + texts.flatMap { texts in
                let words = SQLWords.split(texts[2].text ?? "")
                let name = texts[1].text ?? ""
                guard texts[0].text == "table" else { return [words.joined(separator: " ")] }
                return SQLWords.groups(after: "check", in: words).map { "check of \(name) \($0)" }
                    + SQLWords.groups(after: "as", in: words).map { "computed in \(name) \($0)" }
                    + (words.contains("autoincrement") ? ["autoincrement \(name)"] : [])
            }).sorted()
    }

    /// Puts an index on all columns of each table, since only there SQLite tells collations.
    private static func indexEveryColumn(of connection: Connection) throws {
        let probes = try connection.rows(
            """
            SELECT format('CREATE INDEX "probe %s" ON "%s" (%s)', t.name, t.name, (
                SELECT group_concat('"' || name || '"')
                FROM (SELECT name FROM pragma_table_xinfo(t.name) ORDER BY name)))
            FROM sqlite_schema t WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%'
            """)
        for probe in probes { try connection.execute(probe[0].text ?? "") }
    }
}
