import Cinch
import CinchGit
import CinchMaterializer
import CinchSQLite
import CinchSchema
import Foundation
import Testing

/// A project of its own for one test: database `shop`, tenant `main`, everything fixed.
struct TemporaryProject {
    let folder: TemporaryFolder
    let project: Project
    let database: CinchDatabase

    /// - Parameters:
    ///   - schema: What the first commit on `main` creates; none if empty.
    ///   - tenants: Beside `main`.
    init(_ schema: String = "", tenants: [String] = []) throws {
        folder = try TemporaryFolder()
        let context = Context(
            environment: [:], currentDirectory: folder.path,
            account: { .init(name: "Ada", user: "ada", host: "example.org") },
            now: { Timestamp(seconds: 1_700_000_000, offsetMinutes: 0) })
        project = try Project.create(
            at: folder.path, database: StoredName("shop", kind: "database"), format: .sha256,
            in: context)
        database = try project.database()
        if !schema.isEmpty { _ = try database.run(ddl: schema) }
        if !tenants.isEmpty { try database.createTenants(tenants) }
    }

    /// The same database as another process has it, with the settings as they are now.
    func reopened(
        _ change: (inout ProjectConfiguration) -> Void = { _ in }
    ) throws -> CinchDatabase {
        try ConfigurationFile(path: project.layout.configurationFile).update { change(&$0) }
        return try project.database()
    }

    // MARK: Branches

    /// Runs SQL on a branch, which is the current one afterwards.
    @discardableResult
    func run(_ sql: String, on branch: String = "main") throws -> Publication {
        try database.switchBranch(branch)
        return try #require(try database.run(ddl: sql))
    }

    /// Commits on `main` and on a branch `feature` that left it just before; `main` is current.
    func diverge(ours: String, theirs: String) throws {
        _ = try database.createBranch("feature")
        if !theirs.isEmpty { try run(theirs, on: "feature") }
        try database.switchBranch("main")
        if !ours.isEmpty { try run(ours) }
    }

    /// Commits of a branch's first-parent history, the empty start included.
    func count(_ revision: String = "HEAD") throws -> Int {
        try database.log(revision, limit: nil, topological: true).count
    }

    func subjects(_ revision: String = "HEAD") throws -> [String] {
        try database.log(revision, limit: nil, topological: true).map {
            String($0.commit.message.split(separator: "\n")[0])
        }
    }

    // MARK: Tenants

    func path(_ tenant: String) throws -> String { try database.tenant(tenant).path }

    /// Runs SQL on a tenant's file as any other tool would.
    func execute(_ sql: String, on tenant: String) throws {
        let connection = try Connection(path: path(tenant), access: .readWrite)
        try connection.execute(sql)
    }

    func rows(_ sql: String, in tenant: String) throws -> [[Value]] {
        try Connection(path: path(tenant), access: .readOnly).rows(sql)
    }

    /// The schema a tenant's file really has.
    func schema(of tenant: String) throws -> Schema {
        try Self.schema(inFile: path(tenant))
    }

    static func schema(inFile path: String) throws -> Schema {
        let entries = try Connection(path: path, access: .readOnly).schemaEntries()
        return try Schema(entries: entries).withoutIDs
    }

    /// Fails the test unless these tenants have the schema and the stamp of `revision`.
    func expect(
        _ tenants: [String], at revision: String = "main",
        _ location: SourceLocation = #_sourceLocation
    ) throws {
        let wanted = try database.schema(at: revision).withoutIDs
        let commit = try database.commit(revision).hex
        for tenant in tenants {
            #expect(try schema(of: tenant) == wanted, "\(tenant)", sourceLocation: location)
            #expect(
                try database.tenant(tenant).commit == commit, "\(tenant)", sourceLocation: location)
        }
    }

    // MARK: What is on disk

    /// Every file of references, logs, tenants and previews, and what is in it. Objects are not
    /// in it: one nobody refers to changes nothing. Nor is the log of operations, which has a line
    /// for each reference that moves.
    func state() throws -> [String: Data] {
        let root = database.layout.directory
        return try files().reduce(into: [:]) { state, name in
            let isCounted =
                name.hasPrefix("schema.git/") && !name.hasPrefix("schema.git/objects/")
                && name != "schema.git/cinch/operations"
                || name.hasSuffix(".db") && !name.hasPrefix("catalog")
            guard isCounted else { return }
            state[name] = try Data(contentsOf: URL(fileURLWithPath: "\(root)/\(name)"))
        }
    }

    /// The names of all files of the database.
    func files() throws -> [String] {
        let root = database.layout.directory
        return try FileManager.default.subpathsOfDirectory(atPath: root).filter { name in
            var isFolder: ObjCBool = false
            let exists = FileManager.default.fileExists(
                atPath: "\(root)/\(name)", isDirectory: &isFolder)
            return exists && !isFolder.boolValue
        }.sorted()
    }

    /// The lines of a file of the repository.
    func lines(_ name: String) throws -> [String] {
        try String(contentsOfFile: "\(database.layout.repository)/\(name)", encoding: .utf8)
            .split(separator: "\n").map(String.init)
    }

    /// Runs what must fail, and fails the test if references, logs or tenants changed.
    ///
    /// - Returns: The error as people see it.
    func refused<Result>(
        _ location: SourceLocation = #_sourceLocation, body: () throws -> Result
    ) throws -> CinchError? {
        let before = try state()
        var refusal: CinchError?
        do {
            _ = try body()
            Issue.record("It was not refused", sourceLocation: location)
        } catch {
            refusal = CinchError(translating: error)
        }
        #expect(try changed(since: before) == [], sourceLocation: location)
        #expect(refusal?.message.isEmpty == false, sourceLocation: location)
        #expect(refusal?.hint?.isEmpty == false, sourceLocation: location)
        return refusal
    }

    /// The names of files that are there, gone or different since.
    func changed(since before: [String: Data]) throws -> [String] {
        let after = try state()
        return Set(before.keys).union(after.keys).filter { before[$0] != after[$0] }.sorted()
    }
}

extension MaterializationReport {
    /// The names of the tenants with an outcome that `isWanted`.
    func names(_ isWanted: (TenantOutcome) -> Bool) -> [String] {
        entries.filter { isWanted($0.outcome) }.map(\.name)
    }
}
