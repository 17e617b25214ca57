import CinchMaterializer
import CinchSQLite
import CinchSchema
import Foundation

/// A schema version under an invented commit and tree.
struct Version: Sendable {
    var tree: String
    var schema: Schema

    init(_ tree: String, _ sql: String) throws {
        self.tree = tree
        schema = try Schema(entries: Scratch(statements: [sql]).schemaEntries())
    }

    var target: MaterializationTarget {
        MaterializationTarget(commit: "c\(tree)", tree: tree, schema: schema)
    }
}

/// A temporary folder with a catalog, tenants and a materializer; gone with the object.
final class TestFleet: Sendable {
    let directory: String
    let catalog: SQLiteTenantCatalog
    let journal: RolloutJournal
    let files: TenantFiles
    let templates: TemplateCache
    let store: TenantStore
    let materializer: Materializer
    private let removesDirectory: Bool

    static let shard: @Sendable (String) -> String = { name in
        let sum = name.utf8.reduce(0) { ($0 + Int($1)) % 256 }
        return sum < 16 ? "0\(String(sum, radix: 16))" : String(sum, radix: 16)
    }

    /// - Parameters:
    ///   - directory: An existing fleet's folder, which then stays; nil makes a temporary one.
    ///   - script: Written by hand instead of planned; nil uses the planner.
    init(
        _ versions: [Version], directory: String? = nil, busyTimeout: Int = 300,
        script: ChangeScript? = nil
    ) throws {
        let folder =
            directory
            ?? FileManager.default.temporaryDirectory.path + "/fleet-\(UUID().uuidString)"
        self.directory = folder
        removesDirectory = directory == nil
        catalog = try SQLiteTenantCatalog(path: "\(folder)/catalog.db") {
            "2026-01-02 03:04:05.678"
        }
        files = TenantFiles(directory: "\(folder)/tenants", shard: Self.shard)
        journal = RolloutJournal(catalog: catalog, files: files)
        templates = TemplateCache(directory: "\(folder)/cache/templates")
        store = TenantStore(
            catalog: catalog, files: files, templates: templates, busyTimeout: busyTimeout)
        materializer = Materializer(
            lockPath: "\(folder)/rollout.lock",
            loadSchema: { tree in
                guard let version = versions.first(where: { $0.tree == tree }) else {
                    throw MaterializerError(.notFound, "no tree \(tree)")
                }
                return version.schema
            },
            makeScript: { from, to, _, parked in
                script ?? ChangeScript(Plan(from: from, to: to, parked: parked), parked: parked)
            })
    }

    deinit {
        if removesDirectory { try? FileManager.default.removeItem(atPath: directory) }
    }

    func path(_ name: String) throws -> String { files.path(try TenantName(name)) }

    func open(_ name: String) throws -> Connection {
        try Connection(path: path(name), access: .readWrite, busyTimeout: 100)
    }

    func create(_ names: [String], at version: Version, filledBy sql: String = "") throws {
        try store.create(names.map { try TenantName($0) }, at: version.target)
        guard !sql.isEmpty else { return }
        for name in names { try open(name).execute(sql) }
    }

    func materialize(
        to version: Version, _ options: MaterializationOptions = .init(busyTimeout: 300)
    ) throws -> MaterializationReport {
        try materializer.materialize(
            store.allFiles(), to: version.target, options: options, journal: journal)
    }

    func outcomes(
        to version: Version, _ options: MaterializationOptions = .init(busyTimeout: 300)
    ) throws -> [TenantOutcome] {
        try materialize(to: version, options).entries.map(\.outcome)
    }

    func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }
}
