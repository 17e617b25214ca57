/// What keeps objects alive in a repository besides its references.
struct RetainedNames {
    /// Names that lead to something, or the repository is damaged.
    var required: [ObjectID] = []
    /// Names whose objects may be gone: reflog entries, `ORIG_HEAD` and the like.
    var optional: [ObjectID] = []
    /// Whether there is an index of a working tree, whose files may be in no commit yet.
    var hasIndex = false

    // A file that names more than this at its end is no list of names.
    private static let window = 4 << 20

    /// References, HEAD, reflogs, and names in files at the top of the repository and of its
    /// working trees, read as they are now.
    init(_ repository: GitRepository) throws {
        required = try repository.listReferences().map(\.id)
        if let head = try repository.findTarget(.head) { required.append(head) }
        try addLogs(of: repository, in: "\(repository.path)/logs")
        try addFiles(in: repository.path, repository.format)
        for name in try FileSystem.names(in: "\(repository.path)/worktrees") ?? [] {
            let folder = "\(repository.path)/worktrees/\(name)"
            try addFiles(in: folder, repository.format)
            try addLogs(of: repository, in: "\(folder)/logs")
        }
    }

    // By their bytes: a line that can't be read may still name something.
    private mutating func addLogs(of repository: GitRepository, in folder: String) throws {
        var waiting = [folder]
        while let path = waiting.popLast() {
            for name in try FileSystem.names(in: path) ?? [] {
                let child = "\(path)/\(name)"
                if try FileSystem.kind(of: child) == .directory {
                    waiting.append(child)
                } else if let bytes = try FileSystem.readFile(child, limit: 1 << 30) {
                    optional += ObjectNames.start(ofLinesOf: bytes, repository.format)
                }
            }
        }
    }

    private mutating func addFiles(in folder: String, _ format: ObjectFormat) throws {
        for name in try FileSystem.names(in: folder) ?? [] where name != "packed-refs" {
            if name == "index" { hasIndex = true }
            let path = "\(folder)/\(name)"
            guard try FileSystem.kind(of: path) == .file, let facts = try FileFacts(of: path),
                facts.size <= Self.window, let bytes = try FileSystem.readFile(path)
            else { continue }
            optional += ObjectNames.all(in: bytes, format)
        }
    }
}

/// Finds object names in text.
package enum ObjectNames {
    /// Every run of hexadecimal digits that is as long as a name, zeros left out, each once.
    package static func all(in bytes: [UInt8], _ format: ObjectFormat) -> [ObjectID] {
        var names: Set<ObjectID> = []
        var start = 0
        for end in 0...bytes.count {
            if end < bytes.count, hexDigit(bytes[end]) != nil { continue }
            if end - start == format.hexCount, let id = ObjectID(hexBytes: bytes[start..<end]) {
                names.insert(id)
            }
            start = end + 1
        }
        return names.filter { !$0.isZero }.sorted()
    }

    /// The two names each line of a reflog begins with.
    static func start(ofLinesOf bytes: [UInt8], _ format: ObjectFormat) -> [ObjectID] {
        var names: Set<ObjectID> = []
        let digits = format.hexCount
        for line in bytes.split(separator: UInt8(ascii: "\n")) where line.count > 2 * digits {
            let first = line.startIndex
            for range in [first..<first + digits, first + digits + 1..<first + 2 * digits + 1]
            where range.upperBound <= line.endIndex {
                if let id = ObjectID(hexBytes: line[range]) { names.insert(id) }
            }
        }
        return names.filter { !$0.isZero }.sorted()
    }
}
