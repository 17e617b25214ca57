import CinchSQLite
import CinchSchema
import Testing

/// One row of the merge tables: what both sides did to a base, and what must come of it.
struct MergeCase: CustomTestStringConvertible, Sendable {
    var name: String
    var base: String
    /// Statements, or `DEFINE t (…)` for a table that is written anew under its old identity.
    var ours: [String]
    var theirs: [String]
    /// What leads from the base to the merged schema; nil where there are conflicts.
    var merged: [String]?
    /// `kind entity`, and after an arrow what depends on it.
    var conflicts: [String] = []

    var testDescription: String { name }

    init(
        _ name: String, base: String = "", ours: String..., theirs: [String], merged: [String]
    ) {
        self.name = name
        self.base = base.isEmpty ? MergeCase.base : base
        self.ours = ours
        self.theirs = theirs
        self.merged = merged
    }

    init(
        _ name: String, base: String = "", ours: String..., theirs: [String], conflicts: [String]
    ) {
        self.name = name
        self.base = base.isEmpty ? MergeCase.base : base
        self.ours = ours
        self.theirs = theirs
        self.conflicts = conflicts
    }

    /// The base of rows that don't bring their own.
    static let base = """
        CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b INT);
        CREATE TABLE u (id INTEGER PRIMARY KEY, x TEXT);
        """

    /// The base, both sides, and the merged schema, with ids.
    func schemas() throws -> (base: Schema, ours: Schema, theirs: Schema, merged: Schema?) {
        let base = try Schema(script: self.base).numbered()
        return (
            base, try base.edited(by: ours).numbered(from: 1000),
            try base.edited(by: theirs).numbered(from: 2000),
            try merged.map { try base.edited(by: $0) }
        )
    }
}

extension Schema {
    func edited(by edits: [String]) throws -> Schema {
        var schema = self
        for edit in edits {
            guard edit.hasPrefix("DEFINE ") else {
                schema = try schema.altered(by: [edit])
                continue
            }
            let sql = "CREATE TABLE " + edit.dropFirst(7)
            guard var table = try Statement(parsing: sql).table else { continue }
            let old = schema.tables[table.name]
            table.id = old?.id
            for place in table.columns.indices {
                table.columns[place].id = old?.column(named: table.columns[place].name)?.id
            }
            schema.tables.insert(table)
        }
        return schema
    }
}

extension Conflict {
    /// The conflict as rows of the tables write it.
    var label: String {
        let users = objects.isEmpty ? "" : " <- " + objects.joined(separator: ", ")
        return "\(kind.rawValue) \(entity)\(users)"
    }
}

/// What must hold of every outcome, clean or not.
func expectSound(
    _ outcome: MergeOutcome, base: Schema, ours: Schema, theirs: Schema,
    sourceLocation: SourceLocation = #_sourceLocation
) {
    guard outcome.conflicts.isEmpty else { return }
    let schema = outcome.schema
    let ids = schema.tables.compactMap(\.id) + schema.virtualTables.compactMap(\.id)
    #expect(Set(ids).count == ids.count, "ids of tables", sourceLocation: sourceLocation)
    let names = schema.entityNames.map(\.key)
    #expect(Set(names).count == names.count, "names", sourceLocation: sourceLocation)
    let known = { (schema: Schema) in
        Dictionary(
            schema.tables.compactMap { table in table.id.map { ($0, table) } },
            uniquingKeysWith: { first, _ in first })
    }
    let (inBase, inOurs, inTheirs) = (known(base), known(ours), known(theirs))
    let merged = known(schema)
    for id in Set(inBase.keys).union(inOurs.keys).union(inTheirs.keys).sorted() {
        let sides = ThreeWay(base: inBase[id], ours: inOurs[id], theirs: inTheirs[id])
        let isKept = sides.base == nil || sides.ours != nil && sides.theirs != nil
        // What both added alike has one id of two.
        if sides.base == nil, merged[id] == nil { continue }
        #expect((merged[id] != nil) == isKept, "table \(id)", sourceLocation: sourceLocation)
        if let table = merged[id], sides.base != nil {
            expectSound(table, sides, sourceLocation)
        }
    }
}

private func expectSound(
    _ merged: Table, _ sides: ThreeWay<Table>, _ sourceLocation: SourceLocation
) {
    let name = expected(
        ThreeWay(base: sides.base?.name, ours: sides.ours?.name, theirs: sides.theirs?.name))
    #expect(merged.name == name, "name of a table", sourceLocation: sourceLocation)
    let find = { (table: Table?, id: StableID) in table?.columns.first { $0.id == id } }
    let all = [sides.base, sides.ours, sides.theirs].compactMap { $0 }.flatMap(\.columns)
    for id in Set(all.compactMap(\.id)).sorted() {
        let column = ThreeWay(
            base: find(sides.base, id), ours: find(sides.ours, id), theirs: find(sides.theirs, id))
        let result = find(merged, id)
        if column.base == nil, result == nil { continue }
        let isKept = column.base == nil || column.ours != nil && column.theirs != nil
        #expect((result != nil) == isKept, "column \(id)", sourceLocation: sourceLocation)
        guard let result, column.base != nil else { continue }
        let type = expected(
            ThreeWay(
                base: column.base?.declaredType, ours: column.ours?.declaredType,
                theirs: column.theirs?.declaredType))
        #expect(result.declaredType == type, "type of \(id)", sourceLocation: sourceLocation)
        let name = expected(
            ThreeWay(base: column.base?.name, ours: column.ours?.name, theirs: column.theirs?.name))
        #expect(result.name == name, "name of \(id)", sourceLocation: sourceLocation)
        let isNotNull = expected(
            ThreeWay(
                base: column.base?.notNull != nil, ours: column.ours?.notNull != nil,
                theirs: column.theirs?.notNull != nil))
        #expect((result.notNull != nil) == isNotNull, "\(id)", sourceLocation: sourceLocation)
    }
    let ids = merged.columns.compactMap(\.id)
    #expect(Set(ids).count == ids.count, "ids of columns", sourceLocation: sourceLocation)
}

/// The side that changed.
private func expected<Value: Hashable>(_ sides: ThreeWay<Value>) -> Value? {
    sides.ours == sides.base ? sides.theirs : sides.ours
}
