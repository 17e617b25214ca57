// Invariants of a garbage collection
//   G1  Nothing is removed before the pack that has every reachable object is on disk, its index
//       and both names too. What goes wrong before that changes nothing.
//   G2  What references and logs lead to is looked up again once the pack is there; what has come
//       to be reachable since is kept, wherever it was.
//   G3  An unreachable object goes only when it is older than the limit and no younger one names
//       it. Whoever stores an object that exists touches its file: the time is looked at when the
//       file has no name any more, and what was touched meanwhile is put back.
//   G4  The multi-pack-index and the commit-graph go before what they speak of.

/// What a garbage collection is to do.
package struct GarbageCollectionOptions: Sendable {
    /// Unreachable objects written before this go, in seconds since 1970; nil for none.
    package var pruneBefore: Int64?
    /// Names that keep objects besides references and logs; those that lead to nothing are fine.
    package var roots: [ObjectID]
    /// Told the step, how much is done and how much there is to do, 0 where it isn't known.
    package var progress: (@Sendable (String, Int, Int) -> Void)?

    package init(
        pruneBefore: Int64?, roots: [ObjectID] = [],
        progress: (@Sendable (String, Int, Int) -> Void)? = nil
    ) {
        self.pruneBefore = pruneBefore
        self.roots = roots
        self.progress = progress
    }
}

/// What a garbage collection did.
package struct GarbageCollectionReport: Hashable, Sendable {
    /// The objects in the new pack.
    package var packed = 0
    /// How many of them are deltas.
    package var deltas = 0
    /// The new pack's name, `pack-…`; nil when there was nothing to pack.
    package var pack: String?
    /// The size of objects and packs before, in bytes.
    package var bytesBefore = 0
    /// And after.
    package var bytesAfter = 0
    /// Packs that went.
    package var packsRemoved = 0
    /// Files of single objects that went because a pack has them.
    package var looseRemoved = 0
    /// Unreachable objects that went.
    package var pruned = 0
    /// Unreachable objects that have come out of packs into files of their own.
    package var unpacked = 0
    /// References that were moved to `packed-refs`.
    package var references = 0
    /// Why unreachable objects were kept whatever their age; nil when they weren't.
    package var keptBecause: String?
}

/// Packs what is reachable and removes what isn't.
struct GarbageCollection {
    let repository: GitRepository
    var options: GarbageCollectionOptions
    private let folder: ObjectFolder
    private var walk: Reachability
    private var report = GarbageCollectionReport()

    init(_ repository: GitRepository, _ options: GarbageCollectionOptions) throws {
        self.repository = repository
        self.options = options
        folder = repository.objects.own
        walk = try Reachability(repository)
    }

    /// - Parameter now: Seconds since 1970.
    mutating func run(now: Int64) throws -> GarbageCollectionReport {
        let lock = try CollectionLock(repository.path, now: now)
        defer { withExtendedLifetime(lock) {} }
        try folder.rescan()
        if let failure = folder.failures().first { throw failure }
        let old = try folder.packs()
        for pack in old { pack.prepareForAll() }
        report.bytesBefore = try ObjectCount.bytes(in: folder)
        report.references = try repository.references.pack { id in
            guard try repository.readHeader(id).kind == .tag else { return nil }
            return try repository.peel(id, to: nil)
        }
        try findReachable()
        let kept = try old.filter { try $0.isKept() }
        let pack = try writePack(of: try ours(old, kept), old)
        // G2
        try findReachable()
        let safe = [pack].compactMap(\.self) + kept
        var sweep = try Sweep(
            repository: repository, folder: folder, walk: walk, safe: safe,
            old: old.filter { pack in !safe.contains { $0.path == pack.path } },
            limit: options.pruneBefore, now: now)
        try sweep.run(&report)
        report.bytesAfter = try ObjectCount.bytes(in: folder)
        return report
    }

    private mutating func findReachable() throws {
        let names = try RetainedNames(repository)
        if names.hasIndex, options.pruneBefore != nil {
            options.pruneBefore = nil
            report.keptBecause = "a working tree's index may name them"
        }
        let progress = options.progress
        walk.progress = { progress?("Finding objects", $0, 0) }
        try walk.follow(names.required)
        try walk.follow(names.optional + options.roots, missing: .tolerated)
    }

    // What is reachable and in our own folder, but in no pack that stays.
    private func ours(_ packs: [Pack], _ kept: [Pack]) throws -> [Reachability.Found] {
        let loose = Set(try folder.loose.all())
        let others = packs.filter { pack in !kept.contains { $0.path == pack.path } }
        return try walk.found.filter { object in
            try !kept.contains { try $0.index.contains(object.id) }
                && (others.contains { try $0.index.contains(object.id) }
                    || loose.contains(object.id))
        }
    }

    private mutating func writePack(of objects: [Reachability.Found], _ old: [Pack]) throws
        -> Pack?
    {
        guard !objects.isEmpty else { return nil }
        _ = try FileSystem.makeDirectory("\(folder.path)/pack")
        var writer = try PackWriter(
            folder: "\(folder.path)/pack", count: objects.count, format: repository.format)
        do {
            let path = try fill(&writer, objects)
            try folder.rescan()
            guard let pack = try folder.packs().first(where: { $0.path == path }),
                pack.index.count == objects.count
            else {
                throw GitError(
                    .corrupt, "The pack '\(path).pack' can't be read back",
                    hint: "Nothing was removed; run 'git fsck' and try again.")
            }
            report.pack = path.split(separator: "/").last.map(String.init)
            return pack
        } catch {
            writer.abandon()
            throw error
        }
    }

    private mutating func fill(
        _ writer: inout PackWriter, _ objects: [Reachability.Found]
    ) throws -> String {
        var window = DeltaWindow()
        for (done, found) in objects.grouped().enumerated() {
            let object = try repository.read(found.id)
            let delta = window.best(for: object, hash: repository.format.byteCount)
            let offset: Int
            if let delta {
                offset = try writer.append(found.id, delta: delta.delta, base: delta.base)
                report.deltas += 1
            } else {
                offset = try writer.append(found.id, object)
            }
            window.add(object, offset: offset, delta)
            if done % 1024 == 0 { options.progress?("Packing", done, objects.count) }
        }
        options.progress?("Packing", objects.count, objects.count)
        report.packed = objects.count
        return try writer.install()
    }
}

extension [Reachability.Found] {
    /// Commits and tags first, then trees and blobs by the path they were found at; of one path,
    /// the newest first.
    fileprivate func grouped() -> [Reachability.Found] {
        func rank(_ kind: ObjectKind) -> Int {
            switch kind {
            case .commit: 0
            case .tag: 1
            case .tree: 2
            case .blob: 3
            }
        }
        return enumerated().sorted { a, b in
            let (left, right) = (rank(a.element.kind), rank(b.element.kind))
            if left != right { return left < right }
            if a.element.path != b.element.path { return a.element.path < b.element.path }
            return a.offset < b.offset
        }.map(\.element)
    }
}
