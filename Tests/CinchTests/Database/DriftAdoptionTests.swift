import Cinch
import CinchGit
import CinchMaterializer
import CinchSQLite
import CinchSchema
import Testing

private let users = "CREATE TABLE users(id INTEGER PRIMARY KEY, name TEXT NOT NULL);"

/// From drift to a branch, to a merge, to every tenant at what was merged.
@Suite struct DriftAdoptionTests {
    private func drift(_ project: TemporaryProject, _ tenant: String) throws {
        try project.execute(
            """
            ALTER TABLE users ADD COLUMN nick TEXT;
            CREATE TABLE mine(x TEXT);
            INSERT INTO users VALUES (1, 'Ada', '\(tenant) nick');
            INSERT INTO mine VALUES ('\(tenant) row');
            """, on: tenant)
    }

    private func expectRows(_ project: TemporaryProject, _ tenants: [String]) throws {
        for tenant in tenants {
            let nicks = try project.rows("SELECT nick FROM users", in: tenant)
            #expect(nicks == [[.text("\(tenant) nick")]])
            let rows = try project.rows("SELECT x FROM mine", in: tenant)
            #expect(rows == [[.text("\(tenant) row")]])
        }
    }

    private func states(_ project: TemporaryProject) throws -> [TenantInformation.Status] {
        try project.database.tenantStatus().map(\.status)
    }

    @Test func adoptingMakesABranchAndTouchesNothingElse() throws {
        let project = try TemporaryProject(users, tenants: ["acme", "globex"])
        try drift(project, "acme")
        let before = try project.state()
        let main = try project.database.commit("main")
        let adoption = try project.database.adoptDrift(of: "acme")
        #expect(adoption.branch == "drift/acme")
        #expect(adoption.isNew)
        #expect(
            adoption.changes.map(\.summary) == ["create table mine", "add column users.nick TEXT"])
        #expect(
            try project.changed(since: before) == [
                "schema.git/logs/refs/heads/drift/acme", "schema.git/refs/heads/drift/acme",
            ])
        let commit = try project.database.git.readCommit(adoption.commit)
        #expect(commit.parents == [main])
        let schema = try project.database.schema(at: "drift/acme")
        #expect(try schema.withoutIDs == project.schema(of: "acme"))
        let known = try project.database.schema(at: "main").tables[Identifier("users")]
        #expect(schema.tables[Identifier("users")]?.id == known?.id)
        // Again it finds the branch, and a tenant with the same drift can share it.
        #expect(
            try project.database.adoptDrift(of: "acme")
                == { adoption in
                    var again = adoption
                    again.isNew = false
                    return again
                }(adoption))
        try drift(project, "globex")
        let other = try project.database.adoptDrift(of: "globex", branch: "drift/acme")
        #expect((other.commit, other.isNew) == (adoption.commit, false))
    }

    /// Fast-forward, and with a commit on main in between that touches the same table.
    @Test(arguments: ["", "ALTER TABLE users ADD COLUMN age INT; CREATE TABLE more(y);"])
    func theWholeRoundKeepsEveryRow(_ ours: String) throws {
        let project = try TemporaryProject(users, tenants: ["acme", "globex", "initech"])
        try drift(project, "acme")
        try drift(project, "globex")
        if !ours.isEmpty {
            let report = try project.run(ours).rollout
            #expect(report?.failures.map(\.name) == ["acme", "globex"])
        }
        _ = try project.database.adoptDrift(of: "acme")
        // Until it is merged nobody brings it anywhere: that would take away what was adopted.
        let waiting = try project.database.materialize()
        #expect(waiting.failures.map(\.name) == ["acme", "globex"])
        try expectRows(project, ["acme", "globex"])
        guard case .some(let publication) = try project.database.merge("drift/acme").publication
        else { return }
        #expect(publication.rollout?.failures == [])
        // One adoption speaks for every tenant that drifted the same way.
        try project.expect(["acme", "globex", "initech", "main"])
        try expectRows(project, ["acme", "globex"])
        #expect(try states(project) == [.current, .current, .current, .current])
        #expect(try project.database.findDrift().allSatisfy { $0.drift == nil })
        #expect(try project.rows("SELECT nick FROM users", in: "initech") == [])
    }

    @Test func aTenantThatIsOpenedAfterTheMergeComesAlong() throws {
        let project = try TemporaryProject(users, tenants: ["acme"])
        let database = try project.reopened { $0.materializePolicy = .lazy }
        try drift(project, "acme")
        _ = try database.adoptDrift(of: "acme")
        _ = try database.run(ddl: "CREATE TABLE more(y)")
        let error = try project.refused { try database.open(tenant: "acme") }
        #expect(error?.message.contains("left alone") == true)
        _ = try database.merge("drift/acme")
        let tenant = try database.open(tenant: "acme")
        #expect(try tenant.query("SELECT nick FROM users").rows.count == 1)
        try tenant.close()
        try project.expect(["acme"])
        try expectRows(project, ["acme"])
    }

    @Test func otherDriftAndNewDriftAreStillLeftAlone() throws {
        let project = try TemporaryProject(users, tenants: ["acme", "globex"])
        try drift(project, "acme")
        try project.execute("CREATE TABLE other(x)", on: "globex")
        _ = try project.database.adoptDrift(of: "acme")
        let merged = try project.database.merge("drift/acme").publication
        #expect(merged?.rollout?.failures.map(\.name) == ["globex"])
        // It was merged and taken back; who drifts that way afterwards was not adopted.
        _ = try project.database.revert("main")
        _ = try project.database.materialize()
        try project.expect(["acme", "main"])
        try project.execute(
            "ALTER TABLE users ADD COLUMN nick TEXT; CREATE TABLE mine(x TEXT);", on: "acme")
        let report = try project.database.materialize()
        #expect(report.failures.map(\.name) == ["acme", "globex"])
        #expect(try project.rows("SELECT count(*) FROM mine", in: "acme") == [[0]])
    }

    @Test func aSquashedAdoptionIsMergedOnceMore() throws {
        let project = try TemporaryProject(users, tenants: ["acme"])
        try drift(project, "acme")
        _ = try project.database.adoptDrift(of: "acme")
        let squashed = try project.database.merge(
            "drift/acme", options: MergeOptions(fastForward: .never, isSquash: true)
        ).publication
        #expect(squashed?.rollout?.failures.map(\.name) == ["acme"])
        let merged = try project.database.merge("drift/acme").publication
        #expect(merged?.rollout?.failures == [])
        try project.expect(["acme", "main"])
        try expectRows(project, ["acme"])
    }

    @Test func whatCannotBeAdoptedChangesNothing() throws {
        let project = try TemporaryProject(
            users, tenants: ["acme", "globex", "initech", "umbrella"])
        _ = try project.database.createBranch("drift/initech")
        for tenant in ["initech", "umbrella"] { try drift(project, tenant) }
        try project.execute("DROP TABLE _cinch_stamp", on: "globex")
        try project.execute(
            "UPDATE _cinch_stamp SET commit_id = '\(String(repeating: "a", count: 64))'",
            on: "umbrella")
        let cases: [(String, String?, CinchError.Code)] = [
            ("acme", nil, .refused), ("globex", nil, .failed), ("gone", nil, .notFound),
            ("initech", nil, .exists), ("initech", "main", .exists), ("umbrella", nil, .corrupt),
            ("initech", "-x", .invalid), ("../x", nil, .invalid),
        ]
        for (tenant, branch, code) in cases {
            let error = try project.refused {
                try project.database.adoptDrift(of: tenant, branch: branch)
            }
            #expect(error?.code == code, "\(tenant) \(branch ?? "")")
        }
    }
}

extension MergeResult {
    /// The commit a merge has made or moved to; nil when it did neither.
    fileprivate var publication: Publication? {
        switch self {
        case .fastForward(let publication), .merged(let publication): publication
        case .upToDate, .conflicts: nil
        }
    }
}
