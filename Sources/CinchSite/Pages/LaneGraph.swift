import CinchGit

/// The lines of history beside a list of commits: each commit in a lane, its parents below it.
struct LaneGraph {
    /// A line in a commit's row. Heights are 0 at the top, 1 in the middle and 2 at the bottom.
    struct Line: Hashable {
        var from: Int
        var fromHeight: Int
        var to: Int
        var toHeight: Int
        /// Which lane's colour it has.
        var lane: Int
    }

    /// What stands beside one commit.
    struct Row: Hashable {
        var lane: Int
        var lines: [Line]
        var isMerge: Bool
    }

    private(set) var rows: [Row] = []
    /// How many lanes there are at most beside one commit.
    private(set) var width = 1

    /// - Parameter commits: No parent before its children.
    init(_ commits: [(id: ObjectID, parents: [ObjectID])]) {
        // What each lane leads to; nil in one that is free.
        var lanes: [ObjectID?] = []
        func free() -> Int {
            if let lane = lanes.firstIndex(of: nil) { return lane }
            lanes.append(nil)
            return lanes.count - 1
        }
        for (id, parents) in commits {
            var lines: [Line] = []
            let lane = lanes.firstIndex(of: id) ?? free()
            for other in lanes.indices where lanes[other] != nil {
                if lanes[other] == id {
                    lines.append(
                        Line(from: other, fromHeight: 0, to: lane, toHeight: 1, lane: other))
                    lanes[other] = nil
                } else {
                    lines.append(
                        Line(from: other, fromHeight: 0, to: other, toHeight: 2, lane: other))
                }
            }
            // The commit's own lane stays its own until its parents have theirs.
            lanes[lane] = id
            var isFree = true
            for (number, parent) in parents.enumerated() {
                let known = lanes.firstIndex(of: parent)
                // A line goes straight on to its first parent; others come to it there.
                let to =
                    number == 0 && known ?? lane >= lane ? lane : known ?? (isFree ? lane : free())
                if to == lane { isFree = false }
                lanes[to] = parent
                lines.append(Line(from: lane, fromHeight: 1, to: to, toHeight: 2, lane: to))
            }
            if isFree { lanes[lane] = nil }
            width = max(width, lanes.count)
            rows.append(Row(lane: lane, lines: lines, isMerge: parents.count > 1))
            while let last = lanes.last, last == nil { lanes.removeLast() }
        }
    }

    /// How wide the graph is drawn.
    var pixels: Int { width * spacing + 8 }

    /// Many lanes stand nearer to one another.
    private var spacing: Int { width > 12 ? 8 : 14 }

    /// A row as SVG, as tall as what it stands beside.
    func svg(_ row: Row) -> String {
        let x = { (lane: Int) in lane * spacing + spacing / 2 + 4 }
        let heights = ["0", "50%", "100%"]
        var text = "<svg class=\"lanes\" width=\"\(pixels)\" aria-hidden=\"true\">"
        for line in row.lines {
            text +=
                "<line class=\"l\(line.lane % 6)\" x1=\"\(x(line.from))\""
                + " y1=\"\(heights[line.fromHeight])\" x2=\"\(x(line.to))\""
                + " y2=\"\(heights[line.toHeight])\"/>"
        }
        text += "<circle class=\"l\(row.lane % 6)\(row.isMerge ? " m" : "")\""
        return text + " cx=\"\(x(row.lane))\" cy=\"50%\" r=\"4.5\"/></svg>"
    }
}
