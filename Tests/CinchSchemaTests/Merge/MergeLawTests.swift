import CinchSQLite
import CinchSchema
import Testing

/// What every merge must be, whatever the three schemas.
@Suite struct MergeLawTests {
    private func sides(_ seed: Int) -> (base: Schema, ours: Schema, theirs: Schema) {
        var generator = SchemaGenerator(seed: seed)
        let base = generator.schema()
        var mine = SchemaMutator(base, seed: seed)
        var other = SchemaMutator(base, seed: seed &+ 5000)
        return (base, mine.mutated(1 + seed % 3), other.mutated(1 + seed % 4))
    }

    private func merge(_ base: Schema, _ ours: Schema, _ theirs: Schema) throws -> MergeOutcome {
        try SchemaMerge.merge(base: base, ours: ours, theirs: theirs) { schema, renaming in
            do {
                return try schema.renamed(renaming)
            } catch let error as SQLiteError {
                // What the merge asks for can always be done, but for views broken before.
                Issue.record(
                    "\(error): \(renaming.statements(for: schema)) \(schema.ddl(ids: false))")
                throw error
            }
        }
    }

    @Test(arguments: 1...30)
    func aSideThatDidNothingChangesNothing(_ seed: Int) throws {
        let (base, ours, theirs) = sides(seed)
        #expect(try merge(base, base, theirs) == MergeOutcome(schema: theirs))
        #expect(try merge(base, ours, base) == MergeOutcome(schema: ours))
        #expect(try merge(base, ours, ours) == MergeOutcome(schema: ours))
        #expect(try merge(base, base, base) == MergeOutcome(schema: base))
    }

    /// The order of columns and constraints aside, which is ours first.
    @Test(arguments: 1...80)
    func swappingTheSidesSwapsTheLabelsOnly(_ seed: Int) throws {
        let (base, ours, theirs) = sides(seed)
        let forth = try merge(base, ours, theirs)
        let back = try merge(base, theirs, ours)
        #expect(forth.conflicts.isEmpty == back.conflicts.isEmpty)
        // Of two new names ours stands, and only one of the two may be taken already.
        let kinds = { (outcome: MergeOutcome) in
            let kinds = Set(outcome.conflicts.map(\.kind))
            return kinds.contains(.renameRename) ? kinds.subtracting([.nameCollision]) : kinds
        }
        #expect(
            kinds(forth) == kinds(back),
            "\(forth.conflicts.map(\.summary)) / \(back.conflicts.map(\.summary))")
        if forth.conflicts.isEmpty {
            #expect(forth.schema.unordered == back.schema.unordered)
            #expect(
                Set(forth.schema.tables.compactMap(\.id))
                    == Set(back.schema.tables.compactMap(\.id)))
        }
    }

    @Test(arguments: 1...80)
    func aCleanMergeHasWhatBothSidesDid(_ seed: Int) throws {
        let (base, ours, theirs) = sides(seed)
        let outcome = try merge(base, ours, theirs)
        expectSound(outcome, base: base, ours: ours, theirs: theirs)
        guard outcome.conflicts.isEmpty else { return }
        // Changes to different tables don't touch one another.
        for table in outcome.schema.tables {
            guard let id = table.id, let before = base.tables.first(where: { $0.id == id }),
                ours.tables.first(where: { $0.id == id }) == before,
                let other = theirs.tables.first(where: { $0.id == id }),
                Renaming(from: base, to: outcome.schema).isEmpty
            else { continue }
            #expect(table == other)
        }
    }

    /// Merging what was merged with either side gives it again.
    @Test(arguments: 1...30)
    func mergingAgainChangesNothing(_ seed: Int) throws {
        let (base, ours, theirs) = sides(seed)
        let merged = try merge(base, ours, theirs)
        guard merged.conflicts.isEmpty else { return }
        #expect(try merge(ours, merged.schema, ours).schema == merged.schema)
        #expect(try merge(theirs, merged.schema, theirs).schema == merged.schema)
    }
}
