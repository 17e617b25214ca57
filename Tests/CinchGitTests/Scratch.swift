import CinchGit
import CinchTestSupport
import Foundation

/// An empty repository in a folder of its own.
struct Scratch {
    let folder: TemporaryDirectory
    let repository: GitRepository

    init(_ format: ObjectFormat = .sha256) throws {
        folder = try TemporaryDirectory()
        repository = try GitRepository.create(at: folder.path("schema.git"), format: format)
    }

    static let signature = Signature(
        name: "Ada", email: "ada@example.org", seconds: 1_700_000_000)

    var path: String { repository.path }

    /// A commit on nothing, different for every text.
    func commit(_ text: String = "first", parents: [ObjectID] = []) throws -> ObjectID {
        let blob = try repository.writeBlob(Array(text.utf8))
        let tree = try repository.writeTree(
            Tree([TreeEntry(name: "file", mode: .file, id: blob)]))
        return try repository.writeCommit(
            Commit(
                tree: tree, parents: parents, author: Self.signature, committer: Self.signature,
                message: "\(text)\n"))
    }

    func update(_ updates: ReferenceUpdate..., message: String = "test") throws {
        try repository.update(
            ReferenceTransaction(updates, signature: Self.signature, message: message))
    }

    /// Every file below the repository, for comparing before with after.
    func files() throws -> [String: Data] {
        var files: [String: Data] = [:]
        for case let name as String in FileManager.default.enumerator(atPath: path) ?? .init() {
            var isFolder: ObjCBool = false
            let full = "\(path)/\(name)"
            _ = FileManager.default.fileExists(atPath: full, isDirectory: &isFolder)
            files[name] =
                isFolder.boolValue ? Data() : try Data(contentsOf: URL(fileURLWithPath: full))
        }
        return files
    }

    func put(_ name: String, _ text: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: "\(path)/\(name)"))
    }
}

/// A branch's name, for tests that know it is valid.
func branch(_ name: String) throws -> ReferenceName { try ReferenceName.branch(name) }
