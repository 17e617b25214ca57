import CinchGit

/// Draws lines of history beside a log, as `git log --graph` does.
struct CommitGraphLines {
    private var lanes: [ObjectID] = []

    /// What stands left of a commit's lines: rows before it, its first row, every further row.
    mutating func rows(for id: ObjectID, parents: [ObjectID]) -> (
        before: [String], first: String, rest: String, after: [String]
    ) {
        var before: [String] = []
        while let extra = lanes.lastIndex(of: id), let lane = lanes.firstIndex(of: id), extra > lane
        {
            before.append(prefix(0..<(extra - 1)) + "|/" + String(repeating: " ", count: 1))
            lanes.remove(at: extra)
        }
        let lane = lanes.firstIndex(of: id) ?? lanes.count
        if lane == lanes.count { lanes.append(id) }
        let first = lanes.indices.map { $0 == lane ? "* " : "| " }.joined()
        var after: [String] = []
        if let parent = parents.first { lanes[lane] = parent } else { lanes.remove(at: lane) }
        for parent in parents.dropFirst() where !lanes.contains(parent) {
            after.append(prefix(0..<lane) + "|\\ " + prefix(0..<(max(0, lanes.count - lane - 1))))
            lanes.insert(parent, at: lane + 1)
        }
        return (before, first, prefix(0..<lanes.count), after)
    }

    private func prefix(_ range: Range<Int>) -> String {
        range.map { _ in "| " }.joined()
    }
}
