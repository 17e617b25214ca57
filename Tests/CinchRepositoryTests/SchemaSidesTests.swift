import CinchGit
import CinchRepository
import CinchSchema
import CinchTestSupport
import Testing

/// A merge reads what differs, and finds what a merge of everything finds.
@Suite struct SchemaSidesTests {
    private static var rename: SchemaRepository.Renamer { { RenamedSchema($0.renamed($1)) } }

    private func large(_ count: Int) throws -> Schema {
        try Schema(
            statements: (0..<count).map { try Statement(parsing: "CREATE TABLE t\($0) (a)") })
    }

    /// The budget: commits, roots and folders of three sides, and two blobs a changed table.
    @Test(arguments: [50, 400])
    func theObjectsReadDoNotDependOnWhatIsTheSame(_ count: Int) throws {
        let sample = try SampleRepository()
        let base = try sample.commit(try large(count))
        let start = try sample.repository.schema(of: base)
        let ours = try sample.write(start.adding("o", to: "t1"), parents: [base])
        let theirs = try sample.write(start.adding("p", to: "t2"), parents: [base])
        let repository = try sample.reopened()
        let trees = try [base, ours, theirs].map { try repository.git.readCommit($0).tree }
        let before = repository.git.objectsRead
        let merge = try repository.merge(
            base: trees[0], ours: trees[1], theirs: trees[2], rename: Self.rename)
        #expect(repository.git.objectsRead - before == 10)
        #expect(merge.outcome.conflicts.isEmpty)
        let tree = try repository.writeTree(of: merge)
        #expect(repository.git.objectsRead - before == 10)
        let schema = try repository.schema(ofTree: tree)
        #expect(schema.tables.count == count)
        #expect(schema.tables["t1"]?.columns.count == 2)
        #expect(schema.tables["t2"]?.columns.count == 2)
    }

    @Test func whatAChangeSpeaksOfIsReadToo() throws {
        let sample = try SampleRepository()
        let base = try sample.commit(
            try Schema(
                "CREATE TABLE p (id INTEGER PRIMARY KEY)", "CREATE TABLE q (a)",
                "CREATE TABLE r (a)", "CREATE VIEW w AS SELECT a FROM q"))
        var changed = try sample.repository.schema(of: base)
        changed.views.insert(try view("CREATE VIEW v AS SELECT * FROM W"))
        changed.tables.insert(try table("CREATE TABLE n (p REFERENCES P)"))
        let ours = try sample.write(changed, parents: [base])
        let git = try sample.reopened().git
        let sides = try git.readSides([git.readCommit(base).tree, git.readCommit(ours).tree])
        #expect(sides.schemas[0].tables.map(\.name) == ["p", "q"])
        #expect(sides.schemas[0].views.map(\.name) == ["w"])
        #expect(sides.schemas[1].tables.map(\.name) == ["n", "p", "q"])
        #expect(sides.schemas[1].views.map(\.name) == ["v", "w"])
    }

    // p has two keys over x; each side drops one. The child is the same on all sides.
    @Test func whatBothSidesBreakTogetherIsFoundInWhatNeitherTouched() throws {
        let sample = try SampleRepository()
        let base = try sample.commit(
            try Schema(
                "CREATE TABLE p (x)", "CREATE UNIQUE INDEX i ON p (x)",
                "CREATE UNIQUE INDEX j ON p (x)", "CREATE TABLE c (y REFERENCES p (x))"))
        let start = try sample.repository.schema(of: base)
        let without = { (name: Identifier) in
            var copy = start
            copy.indexes[name] = nil
            return try sample.write(copy, parents: [base])
        }
        let (ours, theirs) = (try without("i"), try without("j"))
        let repository = try sample.reopened()
        let trees = try [base, ours, theirs].map { try repository.git.readCommit($0).tree }
        let merge = try repository.merge(
            base: trees[0], ours: trees[1], theirs: trees[2], rename: Self.rename)
        #expect(merge.outcome.conflicts.map(\.kind) == [.dependency])
        #expect(merge.outcome.conflicts.first?.objects == ["c.foreign key (y)"])
    }

    // 300 views, of which one speaks of the table that changes, and one of that view.
    @Test func readersOfAChangeAreFoundAmongManyThatAreNot() throws {
        let sample = try SampleRepository()
        let tables = (0..<300).map { "CREATE TABLE t\($0) (a)" }
        let views = (0..<300).map { "CREATE VIEW v\($0) AS SELECT a FROM t\($0)" }
        let base = try sample.commit(
            try Schema(
                statements: (tables + views + ["CREATE VIEW w AS SELECT A FROM \"V7\""]).map {
                    try Statement(parsing: $0)
                }))
        let start = try sample.repository.schema(of: base)
        let ours = try sample.write(start.adding("o", to: "t7"), parents: [base])
        let theirs = try sample.write(start.adding("p", to: "t9"), parents: [base])
        let git = try sample.reopened().git
        let sides = try git.readSides(
            [base, ours, theirs].map { try git.readCommit($0).tree })
        #expect(sides.schemas[0].views.map(\.name) == ["v7", "v9", "w"])
        #expect(sides.schemas[2].tables.map(\.name) == ["t7", "t9"])
        // Two states are only compared: nothing is the matter with what is in both.
        let pair = try git.readSides([base, ours].map { try git.readCommit($0).tree })
        #expect(pair.schemas[1].views.isEmpty)
    }

    @Test func aDamagedTreeIsNamed() throws {
        let sample = try SampleRepository()
        let git = sample.repository.git
        let base = try sample.commit(try Schema("CREATE TABLE t (a)"))
        let blob = try git.writeBlob(Array("CREATE TABLE (\n".utf8))
        let folder = try git.writeTree(
            Tree([TreeEntry(name: "t.sql", mode: .file, id: blob)]))
        let tree = try git.writeTree(
            Tree([TreeEntry(name: "tables", mode: .directory, id: folder)]))
        let error = #expect(throws: GitError.self) {
            try git.readSides([git.readCommit(base).tree, tree])
        }
        #expect(error?.code == .corrupt)
        #expect(error?.message.contains("tables/t.sql") == true)
    }

    private func view(_ sql: String) throws -> View {
        guard case .view(let view) = try Statement(parsing: sql) else {
            return View(name: "", select: .init(tokens: []))
        }
        return view
    }

    private func table(_ sql: String) throws -> Table {
        guard case .table(let table) = try Statement(parsing: sql) else {
            return Table(name: "", columns: [])
        }
        return table
    }
}
