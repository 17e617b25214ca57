/// Commits by what they descend from, each read once.
struct CommitGraph {
    /// What walking needs of a commit.
    struct Node: Hashable, Sendable {
        var parents: [ObjectID]
        var seconds: Int64
    }

    private let repository: GitRepository
    private var nodes: [ObjectID: Node] = [:]
    private var shallow: Set<ObjectID>?

    init(repository: GitRepository) { self.repository = repository }

    /// Parents and committer time.
    mutating func node(_ id: ObjectID) throws -> Node {
        if let node = nodes[id] { return node }
        let node = try node(id, of: repository.readCommit(id))
        nodes[id] = node
        return node
    }

    /// The same for a commit that was read already.
    mutating func node(_ id: ObjectID, of commit: Commit) throws -> Node {
        let cut = try shallow ?? repository.shallowCommits()
        shallow = cut
        return Node(
            parents: cut.contains(id) ? [] : commit.parents, seconds: commit.committer.seconds)
    }

    /// The common ancestors that are no ancestors of another; newest first.
    mutating func mergeBases(_ a: ObjectID, _ b: ObjectID) throws -> [ObjectID] {
        if a == b {
            _ = try node(a)
            return [a]
        }
        let colours = try paint([a], [b])
        var bases = colours.filter { $0.value == [.ours, .theirs, .base] }.map(\.key).sorted()
        // Where clocks disagree, an ancestor of a base can pass for a base.
        if bases.count > 1 {
            let all = bases
            bases = try all.filter { base in
                try !paint([base], all.filter { $0 != base })[base, default: []].contains(.theirs)
            }
        }
        let dated = try bases.map { ($0, try node($0).seconds) }
        return dated.sorted { $0.1 != $1.1 ? $0.1 > $1.1 : $0.0 < $1.0 }.map(\.0)
    }

    /// Whether `ancestor` is `descendant` or in its history.
    mutating func isAncestor(_ ancestor: ObjectID, of descendant: ObjectID) throws -> Bool {
        if ancestor == descendant { return true }
        return try paint([ancestor], [descendant])[ancestor, default: []].contains(.theirs)
    }

    private struct Colours: OptionSet, Hashable {
        let rawValue: UInt8
        static let ours = Colours(rawValue: 1)
        static let theirs = Colours(rawValue: 2)
        /// In the history of a common ancestor.
        static let stale = Colours(rawValue: 4)
        /// Reached from both sides.
        static let base = Colours(rawValue: 8)
    }

    // git's paint_down_to_common (commit-reach.c): newest first, until all that is left to look
    // at descends from nothing that isn't common. Everything that only one side reaches is
    // visited, however wrong the clocks.
    private mutating func paint(
        _ ours: [ObjectID], _ theirs: [ObjectID]
    ) throws -> [ObjectID: Colours] {
        var colours: [ObjectID: Colours] = [:]
        var queue = CommitQueue()
        var open: Set<ObjectID> = []
        for (ids, colour) in [(ours, Colours.ours), (theirs, Colours.theirs)] {
            for id in ids {
                colours[id, default: []].insert(colour)
                queue.push(id, seconds: try node(id).seconds)
                open.insert(id)
            }
        }
        while !open.isEmpty, let id = queue.pop() {
            open.remove(id)
            var passed = colours[id, default: []].intersection([.ours, .theirs, .stale])
            if passed == [.ours, .theirs] {
                colours[id, default: []].insert(.base)
                passed.insert(.stale)
            }
            for parent in try node(id).parents {
                let colour = colours[parent, default: []]
                if colour.isSuperset(of: passed) { continue }
                colours[parent] = colour.union(passed)
                queue.push(parent, seconds: try node(parent).seconds)
                if passed.contains(.stale) || colour.contains(.stale) {
                    open.remove(parent)
                } else {
                    open.insert(parent)
                }
            }
        }
        return colours
    }
}
