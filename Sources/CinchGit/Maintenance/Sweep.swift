/// Removes what the new pack has, and what is unreachable and old enough.
struct Sweep {
    private let repository: GitRepository
    private let folder: ObjectFolder
    /// The packs that stay.
    private let safe: [Pack]
    /// The packs that go.
    private let old: [Pack]
    private let limit: Int64?
    private let now: Int64
    /// Reachable, or named by something young.
    private var walk: Reachability
    private var loose: [ObjectID]
    /// What was known of the packs that go when it was decided what leaves them.
    private var facts: [String: FileFacts] = [:]

    init(
        repository: GitRepository, folder: ObjectFolder, walk: Reachability, safe: [Pack],
        old: [Pack], limit: Int64?, now: Int64
    ) throws {
        self.repository = repository
        self.folder = folder
        self.walk = walk
        self.safe = safe
        self.old = old
        self.limit = limit
        self.now = now
        loose = try folder.loose.all()
        for pack in old { facts[pack.path] = try FileFacts(of: "\(pack.path).pack") }
    }

    mutating func run(_ report: inout GarbageCollectionReport) throws {
        let young = try youngUnreachable()
        try walk.follow(young, missing: .ignored)
        let (kept, dropped) = try sortOut()
        for (pack, ids) in kept { report.unpacked += try unpack(ids, from: pack) }
        try repository.sync()
        try removeDerived(goesWith: dropped)
        for pack in old { try remove(pack, &report) }
        for id in loose {
            if try isSafe(id) {
                if try FileSystem.removeFile(folder.loose.path(of: id)) { report.looseRemoved += 1 }
            } else if !walk.seen.contains(id), try prune(id) {
                report.pruned += 1
            }
        }
        report.pruned += dropped.count
        for slot in Set(loose.map { folder.loose.directory(of: $0) }) {
            FileSystem.removeEmptyDirectory(slot)
        }
        try removeLeftovers()
        try folder.rescan()
    }

    private func isSafe(_ id: ObjectID) throws -> Bool {
        try safe.contains { try $0.index.contains(id) }
    }

    private func isYoung(_ facts: FileFacts?) -> Bool {
        guard let limit else { return true }
        return facts.map { $0.modified >= limit } ?? false
    }

    // G3: what they name stays with them.
    private func youngUnreachable() throws -> [ObjectID] {
        var young: [ObjectID] = []
        for id in loose where !walk.seen.contains(id) {
            if isYoung(try FileFacts(of: folder.loose.path(of: id))) { young.append(id) }
        }
        for pack in old where isYoung(facts[pack.path]) {
            young += try pack.index.ids().filter { !walk.seen.contains($0) }
        }
        return young
    }

    // What leaves the old packs for files of its own, and what leaves for good.
    private func sortOut() throws -> (kept: [(Pack, [ObjectID])], dropped: Set<ObjectID>) {
        var kept: [(Pack, [ObjectID])] = []
        var dropped: Set<ObjectID> = []
        let single = Set(loose)
        var placed: Set<ObjectID> = []
        for pack in old {
            var ids: [ObjectID] = []
            let isYoung = isYoung(facts[pack.path])
            for id in try pack.index.ids() where try !isSafe(id) && !single.contains(id) {
                if walk.seen.contains(id) || isYoung {
                    if placed.insert(id).inserted { ids.append(id) }
                } else {
                    dropped.insert(id)
                }
            }
            if !ids.isEmpty { kept.append((pack, ids)) }
        }
        return (kept, dropped.subtracting(placed))
    }

    // With the pack's time, so that they don't begin to be young again.
    private func unpack(
        _ ids: [ObjectID], from pack: Pack, modified: Int64? = nil
    ) throws -> Int {
        let modified = modified ?? facts[pack.path]?.modified
        for id in ids {
            guard let object = try pack.read(id, limit: repository.objects.limit) else { continue }
            try repository.objects.writeLoose(id, object)
            if let modified { FileSystem.setModified(folder.loose.path(of: id), modified) }
        }
        return ids.count
    }

    // G4
    private func removeDerived(goesWith dropped: Set<ObjectID>) throws {
        let info = "\(folder.path)/info"
        if !old.isEmpty {
            for name in try FileSystem.names(in: "\(folder.path)/pack") ?? []
            where name.hasPrefix("multi-pack-index") {
                if try FileSystem.kind(of: "\(folder.path)/pack/\(name)") == .file {
                    try FileSystem.removeFile("\(folder.path)/pack/\(name)")
                }
            }
        }
        let graphs = "\(info)/commit-graphs"
        let hasGraph =
            try FileSystem.kind(of: "\(info)/commit-graph") != nil
            || FileSystem.kind(of: graphs) != nil
        guard hasGraph, try losesCommit(dropped) else { return }
        try FileSystem.removeFile("\(info)/commit-graph")
        for name in try FileSystem.names(in: graphs) ?? [] {
            try FileSystem.removeFile("\(graphs)/\(name)")
        }
    }

    private func losesCommit(_ dropped: Set<ObjectID>) throws -> Bool {
        let going = try loose.filter { try !isSafe($0) && !walk.seen.contains($0) } + dropped
        return try going.contains { id in
            try repository.objects.header(of: id)?.kind == .commit
        }
    }

    private func remove(_ pack: Pack, _ report: inout GarbageCollectionReport) throws {
        for end in ["idx", "rev", "bitmap", "mtimes"] {
            try FileSystem.removeFile("\(pack.path).\(end)")
        }
        guard let after = try FileSystem.removeFileSeen("\(pack.path).pack") else { return }
        report.packsRemoved += 1
        // G3: somebody relies on something in it. The file is still open here.
        guard after.modifiedNanoseconds != facts[pack.path]?.modifiedNanoseconds else { return }
        let ids = try pack.index.ids().filter { try !isSafe($0) }
        report.unpacked += try unpack(ids, from: pack, modified: after.modified)
        try repository.sync()
    }

    private func prune(_ id: ObjectID) throws -> Bool {
        let path = folder.loose.path(of: id)
        guard limit != nil, let before = try FileFacts(of: path), !isYoung(before),
            let bytes = try FileSystem.readFile(path, limit: 2 << 30)
        else { return false }
        guard let after = try FileSystem.removeFileSeen(path) else { return false }
        guard after.modifiedNanoseconds != before.modifiedNanoseconds else { return true }
        // G3
        for directory in try folder.loose.write(id, compressed: bytes) {
            try FileSystem.syncDirectory(directory)
        }
        return false
    }

    // What a crash has left: temporary files, and packs without an index.
    private func removeLeftovers() throws {
        guard let limit else { return }
        let packs = "\(folder.path)/pack"
        let names = try FileSystem.names(in: packs) ?? []
        var stale = names.filter { name in
            name.hasPrefix("tmp_")
                || name.hasPrefix("pack-") && name.hasSuffix(".pack")
                    && !names.contains("\(name.dropLast(5)).idx")
                    && !names.contains("\(name.dropLast(5)).keep")
        }.map { "\(packs)/\($0)" }
        for slot in try FileSystem.names(in: folder.path) ?? []
        where slot.utf8.count == 2 && slot.utf8.allSatisfy({ hexDigit($0) != nil }) {
            let directory = "\(folder.path)/\(slot)"
            stale += try (FileSystem.names(in: directory) ?? [])
                .filter { $0.hasPrefix("tmp_obj_") }.map { "\(directory)/\($0)" }
        }
        // Never one that may still be written, whatever the limit.
        for path in stale {
            guard let facts = try FileFacts(of: path), facts.modified < min(limit, now - 86_400)
            else { continue }
            try FileSystem.removeFile(path)
        }
    }
}
