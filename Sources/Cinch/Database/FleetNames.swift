import CinchGit
import CinchMaterializer

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The commits and trees that tenants, previews and the catalog name.
struct FleetNames: Sendable {
    /// A file's stamp, or why there is none to be read.
    struct File: Sendable {
        /// `tenant 'acme'`, `preview 'feature/7f/acme.db'`.
        var label: String
        var finding: StampFinding
    }

    /// Every tenant's file and every preview's.
    var files: [File] = []
    /// What the catalog names: where rollouts went from and to.
    var catalog: Set<String> = []

    /// Reads all stamps.
    init(of database: CinchDatabase) throws {
        guard !database.isRepositoryAlone else { return }
        let fleet = try database.tenants()
        var places = try fleet.store.list().map { record in
            (label: "tenant '\(record.name)'", file: fleet.store.file(of: record))
        }
        places += Self.previews(in: database.layout.previews)
        let jobs = database.configuration.materializeJobs ?? 8
        let findings = StampFinding.read(places.map(\.file), jobs: jobs)
        files = zip(places, findings).map { File(label: $0.label, finding: $1) }
        for rollout in try fleet.catalog.rollouts(limit: .max) {
            catalog.formUnion([
                rollout.fromCommit ?? "", rollout.target.commit, rollout.target.tree,
            ])
        }
    }

    /// Everything that is named, as object names.
    var objects: [ObjectID] {
        let stamps = files.compactMap(\.finding.stamp)
        let words = catalog.union(stamps.flatMap { [$0.commit, $0.tree] })
        return words.compactMap { ObjectID(hex: $0) }.sorted()
    }

    /// The first file whose stamp can't be read; absent when all can.
    var unreadable: (label: String, reason: String)? {
        for file in files {
            if case .unreadable(let reason) = file.finding { return (file.label, reason) }
        }
        return nil
    }

    // `<branch>/<shard>/<tenant>.db`
    private static func previews(in folder: String) -> [(label: String, file: TenantFile)] {
        var found: [(label: String, file: TenantFile)] = []
        for branch in FolderNames.names(in: folder) {
            for shard in FolderNames.names(in: "\(folder)/\(branch)") {
                for name in FolderNames.names(in: "\(folder)/\(branch)/\(shard)")
                where name.hasSuffix(".db") {
                    let place = "\(branch)/\(shard)/\(name)"
                    found.append(
                        ("preview '\(place)'", TenantFile(name: place, path: "\(folder)/\(place)")))
                }
            }
        }
        return found
    }
}

/// What is in folders.
enum FolderNames {
    /// The names in a folder, in order; none where there is no folder.
    static func names(in path: String) -> [String] {
        guard let folder = opendir(path) else { return [] }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { name in
                name.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }
}
