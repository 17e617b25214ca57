import CinchSQLite
import CinchSchema
import Testing

@Suite struct IntrospectionTests {
    @Test func onlyTheUsersOwnSchemaIsListed() throws {
        let connection = try Connection()
        try connection.execute(
            """
            CREATE TABLE t(a INTEGER PRIMARY KEY AUTOINCREMENT, b UNIQUE);
            CREATE TABLE _cinch_stamp(x);
            CREATE INDEX ours ON _cinch_stamp(x);
            CREATE TABLE sqliteish(a);
            CREATE TABLE xcinch_stamp(a);
            CREATE INDEX i ON t(b);
            CREATE VIRTUAL TABLE docs USING fts5(body);
            CREATE TABLE docs_mine(a);
            CREATE VIEW v AS SELECT a FROM t;
            CREATE TRIGGER r AFTER INSERT ON t BEGIN SELECT 1; END;
            ANALYZE;
            """)
        let names = try connection.schemaEntries().map(\.name)
        #expect(names == ["t", "sqliteish", "xcinch_stamp", "i", "docs", "docs_mine", "v", "r"])
    }

    @Test func theDigestIgnoresOrderAndNothingElse() throws {
        func digest(_ script: String) throws -> SchemaDigest {
            let connection = try Connection()
            try connection.execute(script)
            return try connection.schemaDigest()
        }
        let first = try digest("CREATE TABLE a(x); CREATE TABLE b(x);")
        #expect(try digest("CREATE TABLE b(x); CREATE TABLE a(x);") == first)
        #expect(try digest("CREATE TABLE a(x ); CREATE TABLE b(x);") != first)
        #expect(try digest("CREATE TABLE a(x);") != first)
        #expect(first.description.count == 32)
    }

    @Test func internalTablesDoNotChangeTheDigest() throws {
        let connection = try Connection()
        try connection.execute("CREATE TABLE a(x)")
        let before = try connection.schemaDigest()
        try connection.execute("CREATE TABLE _cinch_stamp(x); ANALYZE")
        #expect(try connection.schemaDigest() == before)
    }
}
