/// Looks at every object and every name of one; changes nothing, so a read-only copy will do.
struct IntegrityCheck {
    private let repository: GitRepository
    private var report = IntegrityReport()
    private var kinds: [ObjectID: ObjectKind] = [:]
    private var damaged: Set<ObjectID> = []
    private let progress: ((String, Int, Int) -> Void)?

    init(_ repository: GitRepository, progress: ((String, Int, Int) -> Void)?) {
        self.repository = repository
        self.progress = progress
    }

    /// - Parameter roots: Names that keep objects besides references and logs.
    mutating func run(roots: [ObjectID], findsDangling: Bool) throws -> IntegrityReport {
        for folder in try repository.objects.folders() {
            try folder.rescan()
            for failure in folder.failures() {
                report.findings.append(IntegrityFinding("pack", failure.message))
            }
            for pack in try folder.packs() { try check(pack) }
            try check(folder.loose)
        }
        report.objects = kinds.count
        let names = try checkNames()
        var walk = try Reachability(repository)
        walk.progress = { [progress] in progress?("Finding objects", $0, 0) }
        try walk.follow(names, missing: .noted)
        for (id, reason) in walk.missing where !damaged.contains(id) {
            report.findings.append(IntegrityFinding("object \(id)", reason))
        }
        var trees: Set<ObjectID> = []
        for object in walk.found where object.kind == .commit {
            guard let commit = try? repository.readCommit(object.id),
                trees.insert(commit.tree).inserted
            else { continue }
            report.trees.append((commit.tree, object.id))
        }
        if findsDangling {
            let optional = try RetainedNames(repository).optional
            try walk.follow(optional + roots, missing: .ignored)
            findDangling(besides: walk.seen)
        }
        return report
    }

    // MARK: Objects

    private mutating func check(_ pack: Pack) throws {
        for end in ["pack", "idx"] {
            let path = "\(pack.path).\(end)"
            do {
                try checkTrailer(of: path)
            } catch let error as ObjectFormatError {
                report.findings.append(IntegrityFinding("pack '\(path)'", error.reason))
            } catch let error as GitError {
                report.findings.append(IntegrityFinding("pack '\(path)'", error.message))
            }
        }
        pack.prepareForAll()
        // Along the file, so that what deltas build on has just been read.
        let ids = ((try? pack.index.ids()) ?? []).map { id in
            (id: id, offset: try? pack.index.offset(of: id))
        }
        .sorted { ($0.offset ?? 0) < ($1.offset ?? 0) }
        for (done, item) in ids.enumerated() {
            check(item.id) { try pack.read(item.id, limit: $0) }
            if done % 1024 == 0 { progress?("Checking objects", done, ids.count) }
        }
        progress?("Checking objects", ids.count, ids.count)
    }

    private func checkTrailer(of path: String) throws {
        let hash = repository.format.byteCount
        guard let file = try OpenFile.open(path), file.size >= hash else {
            throw ObjectFormatError.wrongLength("it is cut off")
        }
        var checksum = RunningChecksum(repository.format)
        var offset = 0
        while offset < file.size - hash {
            let piece = try file.read(count: min(1 << 20, file.size - hash - offset), at: offset)
            guard !piece.isEmpty else { throw ObjectFormatError.wrongLength("it is cut off") }
            checksum.update(piece)
            offset += piece.count
        }
        guard try file.read(count: hash, at: offset) == checksum.value().bytes else {
            throw ObjectFormatError.wrongLength("its checksum does not match its content")
        }
    }

    private mutating func check(_ store: LooseObjectStore) throws {
        for id in try store.all().sorted() {
            check(id) { try store.read(id, limit: $0) }
        }
    }

    private mutating func check(_ id: ObjectID, _ read: (SizeLimit) throws -> Object?) {
        do {
            guard let object = try read(repository.objects.limit) else { return }
            kinds[id] = object.kind
            switch object.kind {
            case .blob: break
            case .tree: _ = try Tree(decoding: object.body, format: repository.format)
            case .commit: _ = try Commit(decoding: object.body, format: repository.format)
            case .tag: _ = try Tag(decoding: object.body, format: repository.format)
            }
        } catch {
            let reason =
                (error as? ObjectFormatError)?.reason
                ?? (error as? GitError)?.message ?? "\(error)"
            let kind = kinds[id]?.rawValue ?? "object"
            damaged.insert(id)
            report.findings.append(IntegrityFinding("\(kind) \(id)", reason))
        }
    }

    // MARK: Names

    // What references and HEAD name, as far as it is there.
    private mutating func checkNames() throws -> [ObjectID] {
        var roots: [ObjectID] = []
        let listed = repository.references.listTolerantly("refs/")
        for failure in listed.failures {
            report.findings.append(IntegrityFinding("references", failure.message))
        }
        for (name, reference) in listed.references {
            guard case .direct(let id) = reference else { continue }
            if check(id, namedBy: name.path, mustBeCommit: name.isBranch) { roots.append(id) }
        }
        do {
            switch try repository.references.find(.head) {
            case nil: report.findings.append(IntegrityFinding("HEAD", "it is missing"))
            case .direct(let id):
                if check(id, namedBy: "HEAD", mustBeCommit: true) {
                    roots.append(id)
                }
            case .symbolic(let name):
                if !name.isBranch {
                    report.findings.append(
                        IntegrityFinding("HEAD", "it names no branch: '\(name)'"))
                }
            }
        } catch let error as GitError {
            report.findings.append(IntegrityFinding("HEAD", error.message))
        }
        return roots + checkLogs(of: listed.references.map(\.name) + [.head])
    }

    private mutating func checkLogs(of names: [ReferenceName]) -> [ObjectID] {
        var ids: Set<ObjectID> = []
        for name in names {
            do {
                for (place, entry) in (try repository.readReflog(name) ?? []).enumerated() {
                    for id in [entry.old, entry.new] where !id.isZero && ids.insert(id).inserted {
                        _ = check(id, namedBy: "\(name)@{\(place)}", mustBeCommit: false)
                    }
                }
            } catch {
                let reason = (error as? GitError)?.message ?? "\(error)"
                report.findings.append(IntegrityFinding("reflog of \(name)", reason))
            }
        }
        return ids.filter { kinds[$0] != nil }.sorted()
    }

    private mutating func check(_ id: ObjectID, namedBy name: String, mustBeCommit: Bool) -> Bool {
        guard let kind = kinds[id] else {
            if !damaged.contains(id) {
                report.findings.append(
                    IntegrityFinding(name, "it names \(id), and there is no such object"))
            }
            return false
        }
        if mustBeCommit, kind != .commit {
            report.findings.append(IntegrityFinding(name, "it names \(id), which is a \(kind)"))
        }
        return true
    }

    // MARK: What nothing leads to

    private mutating func findDangling(besides seen: Set<ObjectID>) {
        var named: Set<ObjectID> = []
        let lost = kinds.filter { !seen.contains($0.key) }
        for (id, kind) in lost {
            switch kind {
            case .blob: break
            case .commit:
                guard let commit = try? repository.readCommit(id) else { continue }
                named.formUnion([commit.tree] + commit.parents)
            case .tag: if let tag = try? repository.readTag(id) { named.insert(tag.object) }
            case .tree:
                if let tree = try? repository.readTree(id) {
                    named.formUnion(tree.entries.map(\.id))
                }
            }
        }
        report.dangling = lost.filter { !named.contains($0.key) }
            .map { (id: $0.key, kind: $0.value) }.sorted { $0.id < $1.id }
    }
}
