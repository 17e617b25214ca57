import CinchSQLite
import CinchSchema
import Testing

/// Texts that are no CREATE statement give an error with a place, whatever they are.
@Suite struct BrokenInputTests {
    static let broken: [(sql: String, offset: Int)] = [
        ("", 0), (" ", 1), ("DROP TABLE t", 0), ("CREATE", 6), ("CREATE THING t", 7),
        ("CREATE TABLE (a)", 13), ("CREATE TABLE t", 14), ("CREATE TABLE t ()", 16),
        ("CREATE TABLE t (a", 17), ("CREATE TABLE t (a,)", 18), ("CREATE TABLE t (a) x", 20),
        ("CREATE TABLE t (a) WITHOUT x", 28), ("CREATE TABLE t (a CHECK ())", 25),
        ("CREATE TABLE t (a DEFAULT)", 25), ("CREATE TABLE t (a DEFAULT )", 26),
        ("CREATE TABLE t (a REFERENCES p ON DELETE x)", 41),
        ("CREATE TABLE t (a INT(x))", 22), ("CREATE TABLE select (a)", 13),
        ("CREATE TABLE t (a 'x", 18), ("CREATE TABLE t (a [x", 18), ("CREATE TABLE t (a \"x", 18),
        ("CREATE TABLE t (a DEFAULT 12ab)", 26), ("CREATE TABLE t (a DEFAULT x'1')", 26),
        ("CREATE TABLE t (a CHECK (a > ?))", 29), ("CREATE TABLE t (a CHECK (a > :x))", 29),
        ("CREATE TABLE t (a); SELECT 1", 20), ("CREATE TABLE t (\u{1}a)", 16),
        ("CREATE INDEX i ON t", 19), ("CREATE INDEX i ON t ()", 21), ("CREATE VIEW v", 13),
        ("CREATE VIEW v AS", 16), ("CREATE TRIGGER g ON t BEGIN SELECT 1; END", 17),
        ("CREATE TRIGGER g DELETE ON t BEGIN END", 38), ("CREATE VIRTUAL TABLE v", 22),
        ("CREATE TRIGGER g DELETE ON t BEGIN SELECT 1", 43),
        ("CREATE VIRTUAL TABLE v USING m(", 31),
    ]

    @Test(arguments: broken.indices)
    func theErrorSaysWhere(_ row: Int) throws {
        let (sql, offset) = Self.broken[row]
        let error = #expect(throws: SchemaError.self) { try Statement(parsing: sql) }
        guard case .syntax(_, let place)? = error?.reason else {
            Issue.record("\(sql): \(String(describing: error))")
            return
        }
        #expect(place == offset, "\(sql): \(error?.description ?? "")")
    }

    static let unsupported = [
        "CREATE TABLE t AS SELECT 1", "CREATE TEMP TABLE t (a)",
        "CREATE TEMPORARY VIEW v AS SELECT 1",
        "CREATE TEMP TRIGGER g DELETE ON t BEGIN SELECT 1; END",
        "CREATE INDEX i ON t (a NULLS LAST)",
    ]

    @Test(arguments: unsupported)
    func whatHasNoPlaceInASchemaIsRefusedByName(_ sql: String) throws {
        let error = #expect(throws: SchemaError.self) { try Statement(parsing: sql) }
        guard case .unsupported(let construct)? = error?.reason else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(!construct.isEmpty)
    }

    @Test func twoColumnsOfOneNameAreRefused() throws {
        let error = #expect(throws: SchemaError.self) {
            try Statement(parsing: "CREATE TABLE t (a, \"A\")")
        }
        #expect(error?.reason == .duplicate(name: "A"))
        #expect(error?.entity == "t")
    }

    static let statements: [String] = CanonicalTextTests.topics.flatMap { topic -> [String] in
        guard let connection = try? Connection(),
            (try? connection.execute(Fixtures.text("canonical/\(topic).sql"))) != nil
        else { return [] }
        return (try? connection.schemaEntries().map(\.sql)) ?? []
    }

    /// Reads a text; when that works, its canonical text must be readable and stay the same.
    private func read(_ bytes: some Sequence<UInt8>) {
        let sql = String(decoding: Array(bytes), as: UTF8.self)
        let statement: Statement
        do {
            statement = try Statement(parsing: sql)
        } catch {
            if case .syntax(_, let offset) = error.reason {
                #expect(offset >= 0 && offset <= sql.utf8.count, "\(sql)")
            }
            return
        }
        let again = try? Statement(parsing: statement.ddl)
        #expect(again?.ddl == statement.ddl, "\(sql)")
    }

    @Test func aStatementCutAnywhereIsReadOrRefused() throws {
        #expect(Self.statements.count > 40)
        for sql in Self.statements {
            let bytes = Array(sql.utf8)
            for end in bytes.indices { read(bytes[..<end]) }
        }
    }

    @Test(arguments: 1...8)
    func flippedBytesAreReadOrRefused(_ seed: Int) throws {
        var random = SeededGenerator(seed: seed)
        let interesting = Array("()[]'\"`,;.-/*\\\0 \n%x0AZ_\u{FF}+$@?".utf8)
        for sql in Self.statements {
            for _ in 0..<12 {
                var bytes = Array(sql.utf8)
                for _ in 0...Int.random(in: 0...2, using: &random) {
                    let place = Int.random(in: bytes.indices, using: &random)
                    bytes[place] =
                        random.oneIn(3)
                        ? UInt8.random(in: 0...255, using: &random)
                        : random.pick(interesting) ?? 0
                }
                read(bytes)
            }
        }
    }

    /// What SQLite refuses may be read here, but what it accepts must be: the same cut and
    /// flipped texts, judged by both.
    @Test(arguments: 1...4)
    func whatSQLiteAcceptsIsReadOrRefusedAsUnsupported(_ seed: Int) throws {
        var random = SeededGenerator(seed: seed &* 977)
        for sql in Self.statements where sql.hasPrefix("CREATE TABLE") {
            for _ in 0..<20 {
                var bytes = Array(sql.utf8)
                let place = Int.random(in: bytes.indices, using: &random)
                bytes[place] = random.pick(Array("(),'\"[] ;-x1".utf8)) ?? 0
                let text = String(decoding: bytes, as: UTF8.self)
                let connection = try Connection()
                guard (try? connection.execute(text)) != nil,
                    let entries = try? connection.schemaEntries(), entries.count == 1,
                    let introspected = try? Introspected(connection)
                else { continue }
                do {
                    let schema = try Schema(entries: entries)
                    let canonical = try Connection()
                    try canonical.execute(schema.ddl(ids: false))
                    #expect(try Introspected(canonical) == introspected, "\(text)")
                } catch let error as SchemaError {
                    guard case .unsupported = error.reason else {
                        Issue.record("\(text): \(error)")
                        continue
                    }
                }
            }
        }
    }
}
