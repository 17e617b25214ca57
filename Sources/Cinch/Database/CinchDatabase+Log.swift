package import CinchGit
import CinchRepository
package import CinchSchema

extension CinchDatabase {
    /// The commits a revision or a range names, newest first.
    ///
    /// - Parameter revision: `main`, `main..feature`, `a...b`.
    package func log(_ revision: String, limit: Int?, topological: Bool) throws
        -> [RevisionWalk.Entry]
    {
        var starts: [ObjectID] = []
        var excluded: [ObjectID] = []
        if let range = Self.range(revision) {
            starts = [try commit(range.to)]
            excluded = [try commit(range.from)]
            if range.isSymmetric {
                let bases = try history.git.mergeBases(starts[0], excluded[0])
                starts.append(excluded[0])
                excluded = bases
            }
        } else {
            starts = [try commit(revision)]
        }
        var walk = RevisionWalk(
            history.git, from: starts, excluding: excluded,
            order: topological ? .topological : .date, limit: limit)
        return try walk.all()
    }

    /// The two ends of `a..b` or `a...b`, HEAD where one is left out; absent for anything else.
    package static func range(_ text: String) -> (from: String, to: String, isSymmetric: Bool)? {
        for (dots, isSymmetric) in [("...", true), ("..", false)] {
            guard let place = text.firstRange(of: dots) else { continue }
            let from = String(text[..<place.lowerBound])
            let to = String(text[place.upperBound...])
            return (from.isEmpty ? "HEAD" : from, to.isEmpty ? "HEAD" : to, isSymmetric)
        }
        return nil
    }

    /// The branches and tags at each commit, HEAD's branch marked as git does.
    package func decorations() throws -> [ObjectID: [String]] {
        var names: [ObjectID: [String]] = [:]
        let current = try? currentBranch().shortName
        for branch in try branches() {
            if branch.name == current {
                names[branch.commit, default: []].insert("HEAD -> \(branch.name)", at: 0)
            } else {
                names[branch.commit, default: []].append(branch.name)
            }
        }
        for tag in try tags() { names[tag.commit, default: []].append("tag: \(tag.name)") }
        return names
    }

    /// What a commit changed compared with its first parent.
    package func changes(in entry: RevisionWalk.Entry) throws -> SchemaDiff {
        let before = try entry.commit.parents.first.map { try history.schema(of: $0) } ?? Schema()
        return SchemaDiff(from: before, to: try history.schema(of: entry.id))
    }

    /// A branch's reflog, or HEAD's, newest first.
    package func reflog(_ name: String) throws -> [ReflogEntry] {
        let reference: ReferenceName = try name == "HEAD" ? .head : .branch(name)
        guard let entries = try history.git.readReflog(reference) else {
            throw CinchError(
                code: .notFound, message: "There is no reflog of '\(name)'",
                hint: "See 'cinch branch list'.")
        }
        return entries
    }

    /// An object named by a revision: a commit to show, or the text at `revision:path`.
    package func object(_ revision: String) throws -> (id: ObjectID, object: Object) {
        let now = context.now()
        let id = try history.git.resolve(
            revision, now: now.seconds, offsetMinutes: now.offsetMinutes)
        return (id, try history.git.read(id))
    }
}
