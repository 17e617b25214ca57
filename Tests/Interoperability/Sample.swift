import CinchGit
import CinchTestSupport

/// A repository written by us, with git beside it.
struct Sample {
    let folder: TemporaryDirectory
    let repository: GitRepository
    let git: GitRunner

    init(_ format: ObjectFormat = .sha256) throws {
        folder = try TemporaryDirectory()
        let path = folder.path("schema.git")
        repository = try GitRepository.create(at: path, format: format)
        git = GitRunner(path)
    }

    /// The repository as a new process would see it.
    func reopened() throws -> GitRepository { try GitRepository.open(at: repository.path) }

    static func signature(_ seconds: Int64 = 1_700_000_000) -> Signature {
        Signature(name: "Ada", email: "ada@example.org", seconds: seconds, offsetMinutes: 60)
    }

    /// Commits one tree, `tables/*.sql`, on a branch and moves it.
    @discardableResult
    func commit(
        _ files: [String: String], on branch: String = "main", message: String = "change",
        parents: [ObjectID]? = nil, seconds: Int64 = 1_700_000_000
    ) throws -> ObjectID {
        let name = try ReferenceName.branch(branch)
        let tip = try repository.findTarget(name)
        let tables = try Tree(
            files.map { name, text in
                let blob = try repository.writeBlob(Array(text.utf8))
                return TreeEntry(name: "\(name).sql", mode: .file, id: blob)
            })
        let folder = TreeEntry(
            name: "tables", mode: .directory, id: try repository.writeTree(tables))
        let commit = Commit(
            tree: try repository.writeTree(Tree([folder])),
            parents: parents ?? tip.map { [$0] } ?? [], author: Self.signature(seconds),
            committer: Self.signature(seconds), message: "\(message)\n")
        let id = try repository.writeCommit(commit)
        let update: ReferenceUpdate =
            tip.map { .update(name, to: id, expecting: $0) } ?? .create(name, id)
        try repository.update(
            ReferenceTransaction(
                [update], signature: Self.signature(seconds), message: "commit: \(message)"))
        return id
    }

    /// A few commits, branches and tags, enough for every command to have something to say.
    static func filled(_ format: ObjectFormat = .sha256, commits: Int = 12) throws -> Sample {
        let sample = try Sample(format)
        // One more line changes with each commit, so that the best delta is to the one before.
        var columns = (0..<commits).map { "  before_\($0) TEXT DEFAULT '\($0 &* 7_654_321)'" }
        for number in 1...commits {
            columns[number - 1] = "  after_\(number) TEXT DEFAULT '\(number &* 123_456_789_123)'"
            let text = "CREATE TABLE users (\n\(columns.joined(separator: ",\n"))\n);\n"
            try sample.commit(
                ["users": text, "t\(number)": "CREATE TABLE t\(number) (x);\n"],
                message: "step \(number)", seconds: 1_700_000_000 + Int64(number) * 60)
        }
        let tip = try sample.repository.resolve("main", now: 0)
        let base = try sample.repository.resolve("main~3", now: 0)
        let side = try ReferenceName.branch("feature/side")
        let first = try sample.repository.writeTag(
            Tag(
                object: base, kind: .commit, name: "v1", tagger: signature(), message: "first\n"))
        try sample.repository.update(
            ReferenceTransaction(
                [
                    .create(side, base), .create(try ReferenceName.tag("v1"), first),
                    .create(try ReferenceName.tag("light"), tip),
                ], signature: signature(), message: "branch: Created from main~3"))
        try sample.commit(
            ["users": "CREATE TABLE users (y);\n"], on: "feature/side", message: "side",
            seconds: 1_700_000_900)
        let sideTip = try sample.repository.resolve("feature/side", now: 0)
        try sample.commit(
            ["users": "CREATE TABLE users (z);\n"], message: "merge side", parents: [tip, sideTip],
            seconds: 1_700_001_000)
        return sample
    }
}
