import CinchSQLite
import CinchSchema
import Testing

/// What things are called must not matter to a merge: the same names changed on all three sides
/// are changed in what comes of it, and nothing else is.
@Suite struct RenameEquivarianceTests {
    private static let new: Identifier = "a new name"

    private func sides(_ seed: Int) -> [Schema] {
        var generator = SchemaGenerator(seed: seed)
        let base = generator.schema()
        var mine = SchemaMutator(base, seed: seed)
        var other = SchemaMutator(base, seed: seed &+ 5000)
        return [base, mine.mutated(1 + seed % 3), other.mutated(1 + seed % 4)]
    }

    private func merge(_ sides: [Schema]) throws -> MergeOutcome {
        try SchemaMerge.merge(base: sides[0], ours: sides[1], theirs: sides[2]) {
            try $0.renamed($1)
        }
    }

    @Test(arguments: 1...60)
    func aTableRenamedEverywhereIsRenamedInTheMerge(_ seed: Int) throws {
        let sides = sides(seed)
        var random = SeededGenerator(seed: seed)
        // Of a name that only tables have, since a view or an index of that name stays.
        let others = sides.flatMap { $0.views.map(\.name.key) + $0.indexes.map(\.name.key) }
        let names = Set(sides.flatMap { $0.tables.map(\.name) }).filter {
            !others.contains($0.key)
        }
        guard let old = random.pick(names.sorted()) else { return }
        try expectEquivariance(of: sides) { _, isBack in
            var renaming = Renaming()
            renaming.tables[isBack ? Self.new.key : old.key] = isBack ? old : Self.new
            return renaming
        }
    }

    @Test(arguments: 1...60)
    func aColumnRenamedEverywhereIsRenamedInTheMerge(_ seed: Int) throws {
        let sides = sides(seed)
        var random = SeededGenerator(seed: seed)
        guard let table = random.pick(sides[0].tables), let old = random.pick(table.columns) else {
            return
        }
        // Whatever bears the name in what is that table, since a name may have changed hands.
        try expectEquivariance(of: sides) { schema, isBack in
            var renaming = Renaming()
            for found in schema.tables where found.id == table.id {
                renaming.columns[found.name.key] =
                    isBack ? [Self.new.key: old.name] : [old.name.key: Self.new]
            }
            return renaming
        }
    }

    private func expectEquivariance(
        of sides: [Schema], _ renaming: (Schema, _ isBack: Bool) -> Renaming
    ) throws {
        let renamedSides = try sides.map { try $0.renamed(renaming($0, false)) }
        // There and back, since on the way SQLite gives a name in double quotes that names
        // nothing the quotes of a string.
        let plainSides = try renamedSides.map { try $0.renamed(renaming($0, true)) }
        let (plain, renamed) = (try merge(plainSides), try merge(renamedSides))
        #expect(
            kinds(of: plain) == kinds(of: renamed),
            "\(plain.conflicts.map(\.summary)) \(renamed.conflicts.map(\.summary))")
        // What only the semantic check refuses, SQLite can't rename anything in.
        guard plain.conflicts.isEmpty, renamed.conflicts.isEmpty, plain.schema.refusal() == nil
        else { return }
        #expect(try plain.schema.renamed(renaming(plain.schema, false)) == renamed.schema)
    }

    private func kinds(of outcome: MergeOutcome) -> [String] {
        outcome.conflicts.map(\.kind.rawValue).sorted()
    }
}
