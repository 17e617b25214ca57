import Cinch
import CinchGit
import CinchRepository

/// The commits a site shows, and what is around each.
struct SiteHistory {
    /// A branch or tag at a commit.
    struct Label: Hashable {
        var name: String
        /// `branch`, `head` for the current one, or `tag`.
        var kind: String
    }

    /// Newest first, no parent before its children.
    let entries: [RevisionWalk.Entry]
    let branches: [(name: String, commit: ObjectID)]
    let tags: [(name: String, commit: ObjectID)]
    /// The branch HEAD is on; absent where it is on none, or on one without commits.
    let current: String?
    let labels: [ObjectID: [Label]]
    /// Among the commits that are shown.
    let children: [ObjectID: [ObjectID]]
    /// Whether older commits were left out.
    let isLimited: Bool
    private let places: [ObjectID: Int]

    init(_ database: CinchDatabase, limit: Int?) throws {
        let git = database.git
        let current = try git.currentBranch()?.shortName
        branches = try database.branches()
        // A tag may lead to something else than a commit.
        tags = try database.tags().filter { try git.read($0.commit).kind == .commit }
        var starts = branches.map(\.commit) + tags.map(\.commit)
        if let head = try git.findTarget(.head) { starts.append(head) }
        var walk = RevisionWalk(
            git, from: starts, order: .topological, limit: limit.map { $0 + 1 })
        let found = starts.isEmpty ? [] : try walk.all()
        isLimited = limit.map { found.count > $0 } ?? false
        entries = limit.map { Array(found.prefix($0)) } ?? found
        self.current = branches.contains { $0.name == current } ? current : nil
        var labels: [ObjectID: [Label]] = [:]
        for branch in branches {
            let label = Label(name: branch.name, kind: branch.name == current ? "head" : "branch")
            labels[branch.commit, default: []].append(label)
        }
        for tag in tags {
            labels[tag.commit, default: []].append(Label(name: tag.name, kind: "tag"))
        }
        self.labels = labels
        var children: [ObjectID: [ObjectID]] = [:]
        var places: [ObjectID: Int] = [:]
        for (place, entry) in entries.enumerated() {
            places[entry.id] = place
            for parent in entry.commit.parents { children[parent, default: []].append(entry.id) }
        }
        self.children = children
        self.places = places
    }

    func has(_ commit: ObjectID) -> Bool { places[commit] != nil }

    func commit(_ id: ObjectID) -> Commit? { places[id].map { entries[$0].commit } }

    /// The page of a commit.
    static func path(of commit: ObjectID) -> String { "commits/\(commit.hex).html" }

    /// The page of the diagram of a tree.
    static func diagramPath(of tree: ObjectID) -> String { "diagrams/\(tree.hex).html" }
}
