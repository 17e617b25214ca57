import Cinch
import CinchSQLite
import CinchSchema
import Testing

/// What SQLite is asked about a merge, and what it is not.
@Suite struct MergeCheckTests {
    private func schema(_ sql: String) throws -> Schema {
        let connection = try Connection()
        try connection.execute(sql)
        return try Schema(entries: connection.schemaEntries())
    }

    @Test func whatWasBrokenBeforeIsNoConflict() throws {
        let broken = try schema("CREATE TABLE a(x); CREATE VIEW v AS SELECT gone FROM a")
        let fine = try schema("CREATE TABLE a(x)")
        var merged = broken
        merged.tables["a"] = try schema("CREATE TABLE a(x, y)").tables["a"]
        let check = { (ours: Schema, theirs: Schema) in
            let check = try MergeCheck(base: fine, ours: ours, theirs: theirs, merged: merged)
            #expect(check.broken.map(\.entity) == (ours == theirs ? [] : ["v"]))
            #expect(check.broken.allSatisfy { $0.side == (ours == fine ? .theirs : .ours) })
            #expect(check.broken.allSatisfy { !$0.isRegression })
            return check.conflicts
        }
        #expect(try check(broken, fine).isEmpty)
        #expect(try check(fine, broken).isEmpty)
        let conflicts = try check(fine, fine)
        #expect(conflicts.map(\.entity) == ["v"])
        #expect(conflicts.map(\.kind) == [.semantic])
        #expect(conflicts.first?.reason?.contains("gone") == true)
    }

    @Test func whatOnlyOneSideConcernsIsNotCompiled() throws {
        let base = try schema("CREATE TABLE a(x); CREATE TABLE b(y); CREATE TABLE c(z)")
        let ours = try schema("CREATE TABLE a(x, o); CREATE TABLE b(y); CREATE TABLE c(z)")
        let theirs = try schema("CREATE TABLE a(x); CREATE TABLE b(y, t); CREATE TABLE c(z)")
        let apart = try schema("CREATE TABLE a(x, o); CREATE TABLE b(y, t); CREATE TABLE c(z)")
        #expect(
            try MergeCheck(base: base, ours: ours, theirs: theirs, merged: apart).compiledCount
                == 0)
        // A view over both brings them together, and c stays out of it.
        let view = "CREATE VIEW v AS SELECT * FROM a, b;"
        let check = try MergeCheck(
            base: base,
            ours: schema("CREATE TABLE a(x, o); CREATE TABLE b(y); CREATE TABLE c(z);" + view),
            theirs: theirs,
            merged: schema(
                "CREATE TABLE a(x, o); CREATE TABLE b(y, t); CREATE TABLE c(z);" + view))
        // Three statements a table, one a view.
        #expect(check.compiledCount == 7)
        #expect(check.conflicts.isEmpty)
        #expect(check.warnings.map(\.kind) == [.viewShape])
        #expect(check.warnings.first?.message.contains("x, o, y, t") == true)
    }
}
