import CinchGit
import CinchRepository
import CinchSchema
import Testing

/// Ids are given once, and the same to what is the same.
@Suite struct IdentityAllocationTests {
    private func ids(_ schema: Schema) -> [StableID?] {
        schema.tables.flatMap { [$0.id] + $0.columns.map(\.id) } + schema.virtualTables.map(\.id)
    }

    @Test func idsStayThroughLaterCommits() throws {
        let sample = try SampleRepository()
        let first = try sample.commit(try Schema("CREATE TABLE users (id, name)"))
        let before = try sample.repository.schema(of: first)
        var renamed = before
        renamed.tables["users"]?.columns[1].name = "title"
        renamed = renamed.adding("extra", to: "users")
        let after = try sample.reopened().schema(of: try sample.commit(renamed))
        #expect(ids(after).prefix(3) == ids(before)[...])
        #expect(after.tables["users"]?.columns[1].name == "title")
    }

    @Test func branchesThatAddTheSameToTheSameCommitAgree() throws {
        let sample = try SampleRepository()
        let base = try sample.tip()
        let ours = try sample.write(
            try Schema("CREATE TABLE users (id, name)"), parents: [base], message: "Ours")
        let theirs = try sample.write(
            try Schema("CREATE TABLE other (a)", "CREATE TABLE users (id TEXT, age, NAME)"),
            parents: [base], message: "Theirs")
        let (mine, other) = (
            try sample.repository.schema(of: ours).tables["users"],
            try sample.repository.schema(of: theirs).tables["users"]
        )
        #expect(mine?.id == other?.id)
        #expect(mine?.column(named: "id")?.id == other?.column(named: "id")?.id)
        #expect(mine?.column(named: "name")?.id == other?.column(named: "name")?.id)
    }

    @Test func whatIsMadeAgainLaterIsSomethingElse() throws {
        let sample = try SampleRepository()
        let users = try Schema("CREATE TABLE users (id)")
        let first = try sample.repository.schema(of: try sample.commit(users))
        try sample.commit(Schema())
        let second = try sample.repository.schema(of: try sample.commit(users))
        #expect(first.tables["users"]?.id != second.tables["users"]?.id)
        #expect(first.withoutIDs == second.withoutIDs)
    }

    @Test func noIDIsGivenTwice() throws {
        var schema = Schema()
        schema.tables = NameSorted(
            (0..<2000).map { Table(name: Identifier("t\($0)"), columns: [Column(name: "a")]) })
        schema.virtualTables = NameSorted([VirtualTable(name: "docs", module: "fts5")])
        let given = schema.allocatingIDs(parent: nil)
        let tables = given.tables.map(\.id) + given.virtualTables.map(\.id)
        #expect(Set(tables).count == 2001)
        #expect(given.allocatingIDs(parent: nil) == given)
        // An id that is in use already, as after a rename, is not given again.
        var renamed = given
        renamed.tables["t0"] = nil
        var table = given.tables["t0"] ?? Table(name: "t0", columns: [])
        table.name = "elsewhere"
        renamed.tables.insert(table)
        renamed.tables.insert(Table(name: "t0", columns: [Column(name: "a")]))
        let again = renamed.allocatingIDs(parent: nil)
        #expect(Set(again.tables.map(\.id)).count == 2001)
    }
}
