import Synchronization

extension GitRepository {
    /// How many objects were read so far, headers left out; for tests that hold a budget.
    package var objectsRead: Int { objects.readCount }

    /// The object of that name.
    ///
    /// - Throws: `.notFound`, `.corrupt` when no copy of it matches its name, `.tooLarge`.
    package func read(_ id: ObjectID) throws -> Object {
        guard let object = try objects.read(id) else { throw Self.missing(id) }
        return object
    }

    /// The commit of that name; `.notFound` if the object is of another kind.
    package func readCommit(_ id: ObjectID) throws -> Commit {
        let known = recentCommits.withLock { $0.first { $0.id == id }?.commit }
        if let known { return known }
        let body = try read(id, .commit)
        let commit = try decode(id) { () throws(ObjectFormatError) in
            try Commit(decoding: body, format: format)
        }
        recentCommits.withLock { recent in
            if recent.count >= 8 { recent.removeFirst() }
            recent.append((id, commit))
        }
        return commit
    }

    /// The tree of that name; `.notFound` if the object is of another kind.
    package func readTree(_ id: ObjectID) throws -> Tree {
        let body = try read(id, .tree)
        return try decode(id) { () throws(ObjectFormatError) in
            try Tree(decoding: body, format: format)
        }
    }

    /// The tree of that name without decoding its entries; `.notFound` if the object is of
    /// another kind.
    package func readEncodedTree(_ id: ObjectID) throws -> EncodedTree {
        EncodedTree(bytes: try read(id, .tree), format: format)
    }

    /// Stores a tree. The objects it names are not looked for.
    @discardableResult
    package func writeTree(_ tree: EncodedTree) throws -> ObjectID { try write(.tree, tree.bytes) }

    /// The annotated tag of that name; `.notFound` if the object is of another kind.
    package func readTag(_ id: ObjectID) throws -> Tag {
        let body = try read(id, .tag)
        return try decode(id) { () throws(ObjectFormatError) in
            try Tag(decoding: body, format: format)
        }
    }

    /// The bytes of a blob; `.notFound` if the object is of another kind.
    package func readBlob(_ id: ObjectID) throws -> [UInt8] { try read(id, .blob) }

    /// Kind and size without reading the body, which is not checked against the name.
    ///
    /// - Throws: `.notFound`, `.corrupt`.
    package func readHeader(_ id: ObjectID) throws -> ObjectHeader {
        guard let header = try objects.header(of: id) else { throw Self.missing(id) }
        return header
    }

    /// Whether the object is there, in this repository or one it borrows from.
    package func contains(_ id: ObjectID) throws -> Bool { try objects.header(of: id) != nil }

    /// Stores an object unless it is there already, and gives its name.
    ///
    /// Its content is on disk on return, its name at the latest when a reference is changed
    /// through this repository, or on `sync()`.
    ///
    /// - Throws: `.tooLarge`, `.io`.
    @discardableResult
    package func write(_ kind: ObjectKind, _ body: [UInt8]) throws -> ObjectID {
        try objects.write(kind, body)
    }

    /// Stores bytes as a blob.
    @discardableResult
    package func writeBlob(_ bytes: [UInt8]) throws -> ObjectID { try write(.blob, bytes) }

    /// Stores a tree. The objects it names are not looked for.
    @discardableResult
    package func writeTree(_ tree: Tree) throws -> ObjectID { try write(.tree, tree.encoded()) }

    /// Stores a commit; moves no branch.
    ///
    /// - Throws: `.invalidName` for a NUL in the message or a line feed in a header's name.
    @discardableResult
    package func writeCommit(_ commit: Commit) throws -> ObjectID {
        try Self.refuseNUL(commit.message)
        for header in commit.extraHeaders
        where header.name.isEmpty || header.name.utf8.contains(where: { $0 <= 0x20 }) {
            throw GitError(
                .invalidName, "'\(header.name)' can't be the name of a commit header",
                hint: "Use a word without spaces.")
        }
        return try write(.commit, commit.encoded())
    }

    /// Stores an annotated tag; makes no reference.
    ///
    /// - Throws: `.invalidName` for a name git refuses for tags or a NUL in the message.
    @discardableResult
    package func writeTag(_ tag: Tag) throws -> ObjectID {
        _ = try ReferenceName.tag(tag.name)
        try Self.refuseNUL(tag.message)
        return try write(.tag, tag.encoded())
    }

    /// Returns when every object written so far would outlive a power cut.
    package func sync() throws { try objects.sync() }

    static func missing(_ id: ObjectID) -> GitError {
        GitError(
            .notFound, "There is no object '\(id)'",
            hint: "Run 'git fsck' to see what else is missing, and fetch it from another copy.")
    }

    private func read(_ id: ObjectID, _ kind: ObjectKind) throws -> [UInt8] {
        let object = try read(id)
        guard object.kind == kind else {
            throw GitError(
                .notFound, "Object '\(id)' is a \(object.kind), not a \(kind)",
                hint: "Name a \(kind).")
        }
        return object.body
    }

    private func decode<Value>(
        _ id: ObjectID, _ body: () throws(ObjectFormatError) -> Value
    ) throws -> Value {
        do {
            return try body()
        } catch {
            throw ObjectDatabase.corruption(of: id, in: path, error)
        }
    }

    private static func refuseNUL(_ message: String) throws {
        guard message.utf8.contains(0) else { return }
        throw GitError(
            .invalidName, "The message holds a NUL character, which git would cut it at",
            hint: "Remove the character.")
    }
}
