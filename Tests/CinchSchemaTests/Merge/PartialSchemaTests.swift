import CinchSchema
import Testing

/// A merge of what is only part of a schema: what it stands on is elsewhere.
@Suite struct PartialSchemaTests {
    private func schema(_ statements: String...) throws -> Schema {
        try Schema(
            entries: statements.map { sql in
                let statement = try Statement(parsing: sql)
                let kind: SchemaEntry.Kind =
                    switch statement {
                    case .table, .virtualTable: .table
                    case .index: .index
                    case .view: .view
                    case .trigger: .trigger
                    }
                let name = statement.name.text
                return SchemaEntry(kind: kind, name: name, tableName: name, sql: sql)
            })
    }

    private func merge(_ base: Schema, _ ours: Schema, _ theirs: Schema) throws -> MergeOutcome {
        try SchemaMerge.merge(base: base, ours: ours, theirs: theirs) { schema, _ in schema }
    }

    private let index = "CREATE INDEX i ON elsewhere (a)"
    private let trigger = "CREATE TRIGGER r AFTER INSERT ON elsewhere BEGIN SELECT 1; END"
    private let key = "CREATE TABLE k (a REFERENCES elsewhere (a))"

    @Test func whatDangledBeforeIsNoConflict() throws {
        let base = try schema(index, trigger, key)
        let ours = try schema(index, trigger, key, "CREATE VIEW v AS SELECT a FROM elsewhere")
        let theirs = try schema(index, trigger, key, "CREATE INDEX j ON elsewhere (b)")
        for outcome in [try merge(base, ours, theirs), try merge(base, theirs, ours)] {
            #expect(outcome.conflicts == [])
            #expect(outcome.schema.indexes.count == 2)
            #expect(outcome.schema.triggers.count == 1)
        }
    }

    @Test func whatTheMergeLeavesHangingIsAConflict() throws {
        let table = "CREATE TABLE elsewhere (a, b)"
        let base = try schema(table)
        for added in [index, trigger] {
            let outcome = try merge(
                base, try schema(table, added), try schema("CREATE TABLE n (x)"))
            #expect(outcome.conflicts.map(\.kind) == [.dependency])
        }
        // Neither does it help that another one of that name hung before.
        let outcome = try merge(
            base, try schema(table, index), try schema("CREATE TABLE n (x)", "\(index) WHERE a > 0")
        )
        #expect(outcome.conflicts.contains { $0.kind == .dependency || $0.kind == .bothAdded })
    }
}
