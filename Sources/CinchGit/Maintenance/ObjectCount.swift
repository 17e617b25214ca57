/// How many objects there are and what they take, as `git count-objects -v` counts.
package struct ObjectCount: Hashable, Sendable {
    /// Objects in files of their own.
    package var loose = 0
    /// What these take on disk, in bytes.
    package var looseBytes = 0
    /// Objects in packs.
    package var packed = 0
    /// Packs.
    package var packs = 0
    /// The size of packs and their indexes, in bytes.
    package var packBytes = 0
    /// Objects in files of their own which a pack has too.
    package var prunable = 0
    /// Files that are no object and no part of a pack.
    package var garbage: [String] = []
    /// What these take, in bytes.
    package var garbageBytes = 0
    /// The object folders this repository borrows from.
    package var alternates: [String] = []

    init(_ repository: GitRepository) throws {
        let folder = repository.objects.own
        alternates = try Alternates.folders(from: folder.path)
        try folder.rescan()
        let packs = try folder.packs()
        let others = try alternates.flatMap {
            try ObjectFolder(path: $0, format: repository.format).packs()
        }
        for pack in packs {
            self.packs += 1
            packed += pack.index.count
            for end in ["pack", "idx"] {
                packBytes += try FileFacts(of: "\(pack.path).\(end)")?.size ?? 0
            }
        }
        try countLoose(in: folder, besides: packs + others, repository.format)
        try countGarbage(inPacksOf: folder)
    }

    private mutating func countLoose(
        in folder: ObjectFolder, besides packs: [Pack], _ format: ObjectFormat
    ) throws {
        for slot in 0..<256 {
            let hex = (slot < 16 ? "0" : "") + String(slot, radix: 16)
            for name in try FileSystem.names(in: "\(folder.path)/\(hex)") ?? [] {
                let path = "\(folder.path)/\(hex)/\(name)"
                guard let facts = try FileFacts(of: path) else { continue }
                guard name.utf8.count == format.hexCount - 2, let id = ObjectID(hex: hex + name)
                else {
                    garbage.append(path)
                    garbageBytes += facts.size
                    continue
                }
                loose += 1
                looseBytes += facts.sizeOnDisk
                if try packs.contains(where: { try $0.index.contains(id) }) { prunable += 1 }
            }
        }
    }

    // packfile.c, report_pack_garbage: what is neither a pack with its index nor beside one.
    private mutating func countGarbage(inPacksOf folder: ObjectFolder) throws {
        let ends = ["idx", "rev", "pack", "bitmap", "keep", "promisor", "mtimes"]
        let names = try FileSystem.names(in: "\(folder.path)/pack") ?? []
        let all = Set(names)
        for name in names.sorted() where name != "multi-pack-index" {
            let parts = name.split(separator: ".", omittingEmptySubsequences: false)
            let stem = parts.dropLast().joined(separator: ".")
            if let end = parts.last, parts.count > 1, ends.contains(String(end)),
                all.contains("\(stem).pack"), all.contains("\(stem).idx")
            {
                continue
            }
            let path = "\(folder.path)/pack/\(name)"
            garbage.append(path)
            garbageBytes += try FileFacts(of: path)?.size ?? 0
        }
    }

    /// What all objects of a folder take: the length of their files.
    static func bytes(in folder: ObjectFolder) throws -> Int {
        var total = 0
        for id in try folder.loose.all() {
            total += try FileFacts(of: folder.loose.path(of: id))?.size ?? 0
        }
        for name in try FileSystem.names(in: "\(folder.path)/pack") ?? [] {
            total += try FileFacts(of: "\(folder.path)/pack/\(name)")?.size ?? 0
        }
        return total
    }
}
