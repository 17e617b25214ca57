/// Every object that some names lead to: commits and their parents, trees, blobs, tags.
struct Reachability {
    /// An object, and where it was found.
    struct Found: Hashable {
        var id: ObjectID
        var kind: ObjectKind
        /// The number of the path of a tree or blob; objects of one path are alike.
        var path: Int32
    }

    /// What to do about an object that isn't there.
    enum Missing: Hashable {
        /// The walk fails.
        case refused
        /// It is passed over when it isn't there; one that can't be read fails the walk, for what
        /// it names is not known then.
        case tolerated
        /// It is passed over, also when it can't be read.
        case ignored
        /// It is written down in `missing`, with what named it.
        case noted
    }

    private let repository: GitRepository
    private let shallow: Set<ObjectID>
    /// Everything found, whatever it was looked for.
    private(set) var seen: Set<ObjectID> = []
    /// In the order it was found: commits newest first, each with what is new in its tree.
    private(set) var found: [Found] = []
    /// The objects that are missing or can't be read, with what is known of them.
    private(set) var missing: [(id: ObjectID, reason: String)] = []
    /// Called now and then with how many objects were found.
    var progress: ((Int) -> Void)?
    private var paths: [String: Int32] = ["": 0]
    // The tree last read at each path: its entries were followed already.
    private var lastTrees: [String: EncodedTree] = [:]

    init(_ repository: GitRepository) throws {
        self.repository = repository
        shallow = try repository.shallowCommits()
    }

    /// Follows names to everything they lead to.
    mutating func follow(_ roots: [ObjectID], missing policy: Missing = .refused) throws {
        var commits = CommitQueue()
        var waiting: [ObjectID: Commit] = [:]
        var trees: [ObjectID] = []
        func push(_ id: ObjectID, namedBy origin: String, _ walk: inout Reachability) throws {
            guard !walk.seen.contains(id) else { return }
            try walk.tolerating(policy, id, origin) { walk in
                let commit = try walk.repository.readCommit(id)
                walk.seen.insert(id)
                waiting[id] = commit
                commits.push(id, seconds: commit.committer.seconds)
            }
        }
        for root in roots where !seen.contains(root) {
            try tolerating(policy, root, "a name") { walk in
                var id = root
                while true {
                    switch try walk.repository.readHeader(id).kind {
                    case .tag:
                        let tag = try walk.repository.readTag(id)
                        if walk.seen.insert(id).inserted { walk.note(id, .tag, 0) }
                        id = tag.object
                        continue
                    case .commit: try push(id, namedBy: "tag", &walk)
                    case .tree: trees.append(id)
                    case .blob: if walk.seen.insert(id).inserted { walk.note(id, .blob, 0) }
                    }
                    break
                }
            }
        }
        while let id = commits.pop() {
            guard let commit = waiting.removeValue(forKey: id) else { continue }
            note(id, .commit, 0)
            if !shallow.contains(id) {
                for parent in commit.parents { try push(parent, namedBy: "commit \(id)", &self) }
            }
            try follow(tree: commit.tree, at: "", policy, "commit \(id)")
        }
        for tree in trees { try follow(tree: tree, at: "", policy, "a name") }
    }

    private mutating func note(_ id: ObjectID, _ kind: ObjectKind, _ path: Int32) {
        found.append(Found(id: id, kind: kind, path: path))
        if found.count % 4096 == 0 { progress?(found.count) }
    }

    // Trees are as deep as their writer liked, so this is no recursion. What a tree names is
    // followed before it becomes the one that others at its path are held against.
    private mutating func follow(
        tree root: ObjectID, at path: String, _ policy: Missing, _ origin: String
    ) throws {
        guard !seen.contains(root) else { return }
        var waiting = [(id: root, path: path, origin: origin)]
        while let (id, path, origin) = waiting.popLast() {
            guard !seen.contains(id) else { continue }
            try tolerating(policy, id, origin) { walk in
                let tree = try walk.repository.readEncodedTree(id)
                let before = walk.lastTrees[path] ?? EncodedTree(format: tree.format)
                let differences: [TreeDifference]
                do {
                    differences = try EncodedTree.differences(among: [before, tree])
                } catch let error as ObjectFormatError {
                    throw ObjectDatabase.corruption(of: id, in: walk.repository.path, error)
                }
                walk.seen.insert(id)
                walk.note(id, .tree, walk.number(of: path))
                for difference in differences {
                    guard let entry = difference.entries[1], entry.mode != .submodule,
                        !walk.seen.contains(entry.id)
                    else { continue }
                    let place = path.isEmpty ? entry.name : "\(path)/\(entry.name)"
                    if entry.mode == .directory {
                        waiting.append((entry.id, place, "tree \(id)"))
                    } else {
                        try walk.tolerating(policy, entry.id, "tree \(id)") { walk in
                            guard try walk.repository.objects.has(entry.id) else {
                                throw GitRepository.missing(entry.id)
                            }
                            walk.seen.insert(entry.id)
                            walk.note(entry.id, .blob, walk.number(of: place))
                        }
                    }
                }
                if walk.lastTrees.count > 256 { walk.lastTrees = [:] }
                walk.lastTrees[path] = tree
            }
        }
    }

    private mutating func number(of path: String) -> Int32 {
        if let number = paths[path] { return number }
        let number = Int32(truncatingIfNeeded: paths.count)
        paths[path] = number
        return number
    }

    private mutating func tolerating(
        _ policy: Missing, _ id: ObjectID, _ origin: String,
        _ body: (inout Reachability) throws -> Void
    ) throws {
        do {
            try body(&self)
        } catch let error as GitError where policy != .refused {
            if policy == .tolerated, error.code != .notFound { throw error }
            guard policy == .noted else { return }
            missing.append((id, "\(error.message), named by \(origin)"))
        }
    }
}
