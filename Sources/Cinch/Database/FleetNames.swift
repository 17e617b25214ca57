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
    /// The stamps of files in the tenants' folder that the catalog knows nothing of: it may have
    /// been lost, and the files are all that tells.
    var strays: [TenantStamp] = []

    /// Reads all stamps.
    init(of database: CinchDatabase) throws {
        guard !database.isRepositoryAlone else { return }
        let fleet = try database.tenants()
        var places = try fleet.store.list().map { record in
            (label: "tenant '\(record.name)'", file: fleet.store.file(of: record))
        }
        let known = Set(places.map(\.file.path))
        places += Self.previews(in: database.layout.previews)
        let jobs = database.configuration.materializeJobs ?? 8
        let findings = StampFinding.read(places.map(\.file), jobs: jobs)
        files = zip(places, findings).map { File(label: $0.label, finding: $1) }
        let strays = Self.tenantFiles(in: database.layout.tenants)
            .filter { !known.contains($0.path) }
        self.strays = StampFinding.read(strays, jobs: jobs).compactMap(\.stamp)
        for rollout in try fleet.catalog.rollouts(limit: .max) {
            catalog.formUnion([
                rollout.fromCommit ?? "", rollout.target.commit, rollout.target.tree,
            ])
        }
    }

    /// Everything that is named, as object names.
    var objects: [ObjectID] {
        let stamps = files.compactMap(\.finding.stamp) + strays
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
        FolderNames.names(in: folder).flatMap { branch in
            tenantFiles(in: "\(folder)/\(branch)").map { file in
                let place = "\(branch)/\(file.name)"
                return ("preview '\(place)'", TenantFile(name: place, path: file.path))
            }
        }
    }

    // `<shard>/<tenant>.db`
    private static func tenantFiles(in folder: String) -> [TenantFile] {
        FolderNames.names(in: folder).flatMap { shard in
            FolderNames.names(in: "\(folder)/\(shard)").filter { $0.hasSuffix(".db") }.map { name in
                TenantFile(name: "\(shard)/\(name)", path: "\(folder)/\(shard)/\(name)")
            }
        }
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
