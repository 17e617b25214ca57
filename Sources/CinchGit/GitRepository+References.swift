extension GitRepository {
    /// What a reference holds; nil when there is none of that name.
    ///
    /// - Throws: `.corrupt` naming the reference.
    package func findReference(_ name: ReferenceName) throws -> Reference? {
        try references.find(name)
    }

    /// The object a reference leads to, symbolic ones followed; nil when it doesn't exist or is
    /// on an unborn branch. Annotated tags are not peeled.
    package func findTarget(_ name: ReferenceName) throws -> ObjectID? {
        try references.resolve(name).id
    }

    /// The branch HEAD is on, born or not; nil when HEAD names a commit.
    package func currentBranch() throws -> ReferenceName? {
        guard case .symbolic(let name)? = try references.find(.head) else { return nil }
        return name
    }

    /// The references whose names start with `prefix`, such as `refs/heads/`, in name order.
    ///
    /// Symbolic ones are given as what they lead to, and left out when that doesn't exist.
    package func listReferences(
        _ prefix: String = "refs/"
    ) throws -> [(name: ReferenceName, id: ObjectID)] {
        try references.list(prefix).compactMap { name, reference in
            switch reference {
            case .direct(let id): (name, id)
            case .symbolic: try references.resolve(name).id.map { (name, $0) }
            }
        }
    }

    /// Changes references together, each only from the value its update expects; on disk on
    /// return. A reference's log gets its line before it moves, and HEAD's log that of its branch.
    ///
    /// - Throws: `.conflict` when an expectation fails or a name is taken, `.locked` after a
    ///   second's wait for another process, `.notFound` for an object that doesn't exist.
    package func update(_ transaction: ReferenceTransaction) throws {
        try ReferenceCommit(
            references: references, objects: objects, policy: reflogPolicy,
            transaction: transaction
        ).run()
    }

    /// Renames a branch, its log included; HEAD follows if it is on it. At every moment one of
    /// the names, or both, are on disk.
    ///
    /// - Throws: `.notFound` for `old`, `.conflict` when `new` is taken, `.locked`.
    package func renameBranch(
        _ old: ReferenceName, to new: ReferenceName, signature: Signature
    ) throws {
        try BranchRename(references: references, policy: reflogPolicy, signature: signature)
            .run(from: old, to: new)
    }

    /// Every value a reference had, newest first; nil when it has no log.
    package func readReflog(_ name: ReferenceName) throws -> [ReflogEntry]? {
        try Reflog(name: name, references: references).entries()
    }
}
