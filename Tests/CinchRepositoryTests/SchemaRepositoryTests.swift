import CinchGit
import CinchRepository
import CinchSchema
import CinchTestSupport
import Testing

/// Commits and merges of schemas.
@Suite struct SchemaRepositoryTests {
    private func merge(_ sample: SampleRepository, _ ours: ObjectID, _ theirs: ObjectID) throws
        -> MergeOutcome
    {
        let repository = try sample.reopened()
        let rename: SchemaRepository.Renamer = { RenamedSchema($0.renamed($1)) }
        let merge = try repository.merge(
            base: repository.mergeBases(ours, theirs, rename: rename)[0],
            ours: repository.git.readCommit(ours).tree,
            theirs: repository.git.readCommit(theirs).tree, rename: rename)
        var outcome = merge.outcome
        outcome.schema = try repository.schema(ofTree: repository.writeTree(of: merge))
        return outcome
    }

    @Test func aNewRepositoryHasOneCommitOfNothing() throws {
        let sample = try SampleRepository()
        #expect(try sample.repository.schema(of: sample.tip()).isEmpty)
        #expect(try sample.git("log", "--format=%s", "main") == "Start with an empty schema")
        #expect(try sample.git("ls-tree", "-r", "main") == "")
    }

    @Test func aBranchThatHasMovedOnIsNotOverwritten() throws {
        let sample = try SampleRepository()
        let base = try sample.tip()
        let tip = try sample.commit(try Schema("CREATE TABLE a (x)"))
        let late = try sample.write(try Schema("CREATE TABLE b (x)"), parents: [base])
        let error = #expect(throws: GitError.self) {
            try sample.move("main", from: base, to: late, message: "commit: late")
        }
        #expect(error?.code == .conflict)
        #expect(try sample.tip() == tip)
    }

    @Test func sidesThatChangedDifferentThingsAreMerged() throws {
        let sample = try SampleRepository()
        let base = try sample.commit(try Schema("CREATE TABLE t (a, b)"))
        let schema = try sample.repository.schema(of: base)
        var renamed = schema
        renamed.tables["t"]?.columns[0].name = "z"
        let ours = try sample.write(renamed, parents: [base])
        let theirs = try sample.write(schema.adding("c", to: "t"), parents: [base])
        let outcome = try merge(sample, ours, theirs)
        #expect(outcome.conflicts.isEmpty)
        #expect(outcome.schema.tables["t"]?.columns.map(\.name) == ["z", "b", "c"])
        #expect(try merge(sample, base, theirs).schema == sample.repository.schema(of: theirs))
    }

    @Test func historiesWithoutACommonCommitAreNotMerged() throws {
        let sample = try SampleRepository()
        let other = try sample.write(try Schema("CREATE TABLE a (x)"), parents: [])
        let error = #expect(throws: GitError.self) {
            try merge(sample, try sample.tip(), other)
        }
        #expect(error?.code == .unrelated)
    }

    // base ── x ──── m1 ── ours
    //      ╲      ╳
    //       ── y ──── m2 ── theirs
    @Test func crossedHistoriesAreMergedByWayOfTheirMergedBases() throws {
        let sample = try SampleRepository()
        let repository = sample.repository
        let base = try sample.commit(try Schema("CREATE TABLE t (a)", "CREATE TABLE u (q)"))
        let start = try repository.schema(of: base)
        let x = try sample.write(start.adding("x", to: "t"), parents: [base], message: "x")
        let y = try sample.write(start.adding("y", to: "t"), parents: [base], message: "y")
        let m1 = try sample.write(try merge(sample, x, y).schema, parents: [x, y], message: "m1")
        // The other merge also drops what x brought: a decision that must not come undone.
        var dropped = try merge(sample, y, x).schema
        dropped.tables["t"]?.columns.removeAll { $0.name == "x" }
        let m2 = try sample.write(dropped, parents: [y, x], message: "m2")
        #expect(Set(try repository.git.mergeBases(m1, m2)) == [x, y])
        let ours = try sample.write(
            try repository.schema(of: m1).adding("o", to: "u"), parents: [m1], message: "o")
        let theirs = try sample.write(
            try repository.schema(of: m2).adding("p", to: "u"), parents: [m2], message: "p")
        for (left, right) in [(ours, theirs), (theirs, ours)] {
            let outcome = try merge(sample, left, right)
            #expect(outcome.conflicts.isEmpty)
            let columns = outcome.schema.tables.map { $0.columns.map(\.name.text).sorted() }
            #expect(columns == [["a", "y"], ["o", "p", "q"]])
        }
    }
}
