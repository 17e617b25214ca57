/// The commits reachable from some and not from others, as `git rev-list` lists them.
///
///     var walk = RevisionWalk(repository, from: [tip], excluding: [base])
///     while let entry = try walk.next() { print(entry.commit.subject) }
package struct RevisionWalk {
    /// Which commit comes next.
    package enum Order: Hashable, Sendable {
        /// The newest whose child was listed, git's default. Reads no further than it lists,
        /// unless commits are excluded.
        case date
        /// No parent before all its children, lines of history kept together: `--topo-order`.
        case topological
    }

    /// A commit and its name.
    package struct Entry: Hashable, Sendable {
        package let id: ObjectID
        package let commit: Commit

        /// Puts a commit and its name together.
        package init(id: ObjectID, commit: Commit) {
            self.id = id
            self.commit = commit
        }
    }

    /// Picks the parents to go on with, in place of all.
    package typealias Simplification = (Entry, _ parents: [ObjectID]) throws -> [ObjectID]

    private static let slack: Int64 = 30 * 86_400
    private let repository: GitRepository
    private let order: Order
    private let starts: [ObjectID]
    private let excluded: [ObjectID]
    private let simplify: Simplification?
    private var left: Int
    private var graph: CommitGraph
    private var queue = CommitQueue()
    private var seen: Set<ObjectID> = []
    private var commits: [ObjectID: Commit] = [:]
    // What remains to be listed, last first, once it had to be found beforehand.
    private var found: [ObjectID]?
    private var hasStarted = false

    /// - Parameters:
    ///   - limit: How many commits to list at most; nil for all.
    ///   - simplify: Asked where nothing is excluded and the order is that of dates.
    package init(
        _ repository: GitRepository, from starts: [ObjectID], excluding excluded: [ObjectID] = [],
        order: Order = .date, limit: Int? = nil, simplifying simplify: Simplification? = nil
    ) {
        self.repository = repository
        self.order = order
        self.starts = starts
        self.excluded = excluded
        left = limit ?? .max
        self.simplify = simplify
        graph = CommitGraph(repository: repository)
    }

    /// The next commit; nil at the end.
    ///
    /// - Throws: `.notFound`, `.corrupt` for a commit that can't be read.
    package mutating func next() throws -> Entry? {
        if !hasStarted { try start() }
        guard left > 0 else { return nil }
        let next: ObjectID?
        if found != nil {
            next = found?.popLast()
        } else {
            next = queue.pop()
            if let next {
                let commit = try commit(next)
                let parents = try graph.node(next, of: commit).parents
                try push(simplify?(Entry(id: next, commit: commit), parents) ?? parents)
            }
        }
        guard let id = next else { return nil }
        left -= 1
        let commit = try commit(id)
        commits[id] = nil
        return Entry(id: id, commit: commit)
    }

    /// All that are left.
    package mutating func all() throws -> [Entry] {
        var entries: [Entry] = []
        while let entry = try next() { entries.append(entry) }
        return entries
    }

    private mutating func start() throws {
        hasStarted = true
        if excluded.isEmpty, order == .date { return try push(starts) }
        let listed = try limited()
        found = (order == .date ? listed : try sorted(listed)).reversed()
    }

    private mutating func push(_ ids: [ObjectID]) throws {
        for id in ids where seen.insert(id).inserted {
            queue.push(id, seconds: try commit(id).committer.seconds)
        }
    }

    private mutating func commit(_ id: ObjectID) throws -> Commit {
        if let commit = commits[id] { return commit }
        let commit = try repository.readCommit(id)
        commits[id] = commit
        return commit
    }

    // Everything to be listed, by date. Walks both sides until what is left is excluded and
    // a month older than all that is listed. Only a commit dated before its own parent could
    // still lead back to something listed: a month forgives the clocks that are merely wrong, and
    // once one such commit is seen everything is walked. git stops after five commits.
    private mutating func limited() throws -> [ObjectID] {
        var hidden: Set<ObjectID> = []
        var queue = CommitQueue()
        var open: Set<ObjectID> = []
        var listed: [ObjectID] = []
        var wasListed: Set<ObjectID> = []
        var oldest = Int64.max / 2
        var isSkewed = false
        for id in excluded where hidden.insert(id).inserted {
            queue.push(id, seconds: try graph.node(id).seconds)
        }
        for id in starts where !hidden.contains(id) && open.insert(id).inserted {
            queue.push(id, seconds: try graph.node(id).seconds)
        }
        while let newest = queue.newest {
            if open.isEmpty, !isSkewed, newest < oldest - Self.slack { break }
            guard let id = queue.pop() else { break }
            open.remove(id)
            let isHidden = hidden.contains(id)
            let node = try graph.node(id)
            if !isHidden, wasListed.insert(id).inserted {
                listed.append(id)
                oldest = min(oldest, node.seconds)
            }
            for parent in node.parents {
                let seconds = try graph.node(parent).seconds
                if seconds > node.seconds { isSkewed = true }
                if isHidden {
                    guard hidden.insert(parent).inserted else { continue }
                    open.remove(parent)
                } else {
                    guard !hidden.contains(parent), !wasListed.contains(parent),
                        open.insert(parent).inserted
                    else { continue }
                }
                queue.push(parent, seconds: seconds)
            }
        }
        return listed.filter { !hidden.contains($0) }
    }

    // git's sort_in_topological_order with REV_SORT_IN_GRAPH_ORDER: a stack of commits all of
    // whose children are listed.
    private mutating func sorted(_ listed: [ObjectID]) throws -> [ObjectID] {
        var children = Dictionary(uniqueKeysWithValues: listed.map { ($0, 0) })
        for id in listed {
            for parent in try graph.node(id).parents { children[parent]? += 1 }
        }
        var stack = Array(listed.filter { children[$0] == 0 }.reversed())
        var order: [ObjectID] = []
        while let id = stack.popLast() {
            order.append(id)
            for parent in try graph.node(id).parents {
                guard let count = children[parent] else { continue }
                children[parent] = count - 1
                if count == 1 { stack.append(parent) }
            }
        }
        return order
    }
}
