import Cinch
import CinchGit
import CinchMaterializer
import CinchSchema
import Testing

/// A project whose branch `feature` drops a column of `main`.
private func dropping() throws -> TemporaryProject {
    let project = try TemporaryProject(
        "CREATE TABLE users(id INTEGER PRIMARY KEY, name TEXT, phone TEXT);")
    try project.diverge(ours: "", theirs: "ALTER TABLE users DROP phone")
    try project.database.switchBranch("feature")
    return project
}

@Suite struct WaiverTests {
    /// The moment tests have is 2023-11-14.
    @Test(arguments: [
        ("drop-column users.phone: moved to contacts", true, ""),
        ("drop-column: all of them", true, ""),
        ("drop-column users.* until 2023-11-14: today still", true, ""),
        ("drop-column users.phone until 2023-11-13: too late", false, "has expired on 2023-11-13"),
        ("drop-column users.phone:", false, "gives no reason"),
        ("drop-column users.phone", false, "gives no reason"),
        ("drop-column users.name: another one", false, "is about nothing"),
        ("drop-table users.phone: another code", false, "is about nothing"),
        ("drop-colum users.phone: misspelt", false, "there is no rule 'drop-colum'"),
        ("conflict users.phone: no", false, "'conflict' can't be waived"),
        ("drop-column users.phone until soon: when", false, "can't be read as a waiver"),
        ("drop-column users.phone until 2023-02-30: no day", false, "can't be read as a waiver"),
    ])
    func aTrailerCountsOrAnoteSaysWhyNot(_ trailer: String, _ counts: Bool, _ note: String) throws {
        let project = try dropping()
        _ = try project.database.run(
            ddl: "CREATE TABLE other(id INTEGER PRIMARY KEY);",
            message: "Add other\n\nA body.\n\nCinch-Waive: \(trailer)\nReviewed-by: Bea")
        let report = try project.database.check()
        let finding = try #require(report.findings.first { $0.finding.code == "drop-column" })
        #expect((finding.waiver != nil) == counts)
        #expect(report.result == (counts ? "clean" : "findings"))
        if note.isEmpty {
            #expect(report.notes == [])
        } else {
            #expect(report.notes.contains { $0.contains(note) }, "\(report.notes)")
        }
    }

    @Test func onlyTrailersOfNewCommitsCount() throws {
        let project = try dropping()
        // Not in the last paragraph, so it is no trailer.
        _ = try project.database.run(
            ddl: "CREATE TABLE other(id INTEGER PRIMARY KEY);",
            message: "Say how\n\nCinch-Waive: drop-column: an example\n\nThat is how.")
        #expect(try project.database.check().result == "findings")
        // On main it allows nothing of the branch.
        try project.database.switchBranch("main")
        _ = try project.database.waive("drop-column", reason: "on main")
        try project.database.switchBranch("feature")
        #expect(try project.database.check().result == "findings")
    }

    @Test func aWaiverIsAnEmptyCommit() throws {
        let project = try dropping()
        let tree = try project.database.git.readCommit(project.database.commit("HEAD")).tree
        let publication = try project.database.waive(
            "drop-column", entity: "users.phone", lastDay: "2024-01-31",
            reason: "moved\n to  contacts")
        let commit = try project.database.git.readCommit(publication.commit)
        #expect(commit.tree == tree)
        #expect(
            commit.message == """
                Waive drop-column of users.phone

                Cinch-Waive: drop-column users.phone until 2024-01-31: moved to contacts

                """)
        let report = try project.database.check()
        #expect(report.result == "clean")
        #expect(report.findings.compactMap(\.waiver).map(\.reason) == ["moved to contacts"])
    }

    @Test func aRebaseTakesWaiversAlong() throws {
        let project = try dropping()
        _ = try project.database.waive("drop-column", entity: "users.phone", reason: "moved")
        try project.run("CREATE TABLE other(id INTEGER PRIMARY KEY)", on: "main")
        try project.database.switchBranch("feature")
        guard case .merged = try project.database.rebase(onto: "main") else {
            Issue.record("not rebased")
            return
        }
        let report = try project.database.check()
        #expect(report.result == "clean")
        #expect(report.findings.compactMap(\.waiver).map(\.reason) == ["moved"])
    }

    @Test func anEmptyEntityAndOtherLineEndingsAreNoTrap() throws {
        let project = try dropping()
        for entity in ["", " "] {
            let error = try project.refused {
                try project.database.waive("drop-column", entity: entity, reason: "x")
            }
            #expect(error?.code == .usage)
        }
        _ = try project.database.run(
            ddl: "CREATE TABLE other(id INTEGER PRIMARY KEY);",
            message: "Add other\r\n\r\nCinch-Waive: drop-column users.phone: moved\r\n")
        #expect(try project.database.check().result == "clean")
    }

    @Test func namesThatNoWordCanHoldAreEncoded() throws {
        let project = try TemporaryProject(
            "CREATE TABLE \"odd: na%me\"(id INTEGER PRIMARY KEY, \"a b\" TEXT);")
        try project.diverge(ours: "", theirs: "ALTER TABLE \"odd: na%me\" DROP \"a b\"")
        try project.database.switchBranch("feature")
        _ = try project.database.waive(
            "drop-column", entity: "odd: na%me.a b", reason: "yes: really")
        let report = try project.database.check()
        #expect(report.result == "clean")
        #expect(
            report.findings.first { $0.finding.code == "drop-column" }?.waiver?.reason
                == "yes: really")
    }

    @Test func onTheDeployBranchTenantsStayAsTheyAre() throws {
        let project = try TemporaryProject(
            "CREATE TABLE users(id INTEGER PRIMARY KEY);", tenants: ["acme"])
        let before = try project.schema(of: "acme")
        let publication = try project.database.waive("naming", reason: "old names stay")
        #expect(publication.rollout?.failures.isEmpty == true)
        #expect(try project.schema(of: "acme") == before)
        try project.expect(["acme", "main"])
    }

    @Test func whatWouldNotCountIsRefused() throws {
        let project = try dropping()
        for (code, day, reason) in [
            ("drop-colum", nil, "x"), ("drop-column", nil, " "), ("drop-column", "2023-11-13", "x"),
            ("drop-column", "soon", "x"), ("conflict", nil, "x"),
        ] as [(String, String?, String)] {
            let error = try project.refused {
                try project.database.waive(code, lastDay: day, reason: reason)
            }
            #expect(error?.code == .usage)
        }
    }
}
