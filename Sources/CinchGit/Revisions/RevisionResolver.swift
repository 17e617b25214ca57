/// Finds the object a revision names.
struct RevisionResolver {
    let repository: GitRepository
    /// What the caller can use, so that an abbreviation that fits one of them is not ambiguous.
    let wanted: ObjectKind?

    // gitrevisions(7): the order in which a short name is looked for.
    private static let rules: [(before: String, after: String)] = [
        ("", ""), ("refs/", ""), ("refs/tags/", ""), ("refs/heads/", ""), ("refs/remotes/", ""),
        ("refs/remotes/", "/HEAD"),
    ]

    /// - Throws: `.notFound`, `.ambiguous`, `.corrupt`.
    func resolve(_ revision: Revision) throws -> ObjectID {
        var id = try start(revision)
        for step in revision.steps { id = try follow(step, from: id, revision) }
        if let path = revision.path { id = try entry(at: path, of: id, revision) }
        guard try repository.contains(id) else { throw GitRepository.missing(id) }
        return id
    }

    private func start(_ revision: Revision) throws -> ObjectID {
        switch revision.base {
        case .name(let name): return try named(name, revision)
        case .logged(let name, let number):
            return try logged(name, revision) { entries, current in
                if number == 0, let current { return current }
                if number < entries.count { return entries[number].new }
                // Before the oldest entry the reference was where that entry starts.
                let oldest = entries.last?.old
                guard number == entries.count, let oldest, !oldest.isZero else { return nil }
                return oldest
            }
        case .dated(let name, let seconds):
            return try logged(name, revision) { entries, _ in
                entries.first { $0.signature.seconds <= seconds }?.new
            }
        case .previous(let number): return try previous(number, revision)
        }
    }

    private func named(_ name: String, _ revision: Revision) throws -> ObjectID {
        if let id = ObjectID(hex: name), id.format == repository.format { return id }
        if let found = try reference(name, revision) { return found.id }
        if let id = try abbreviated(name, revision) { return id }
        // `git describe` writes tag-count-gname.
        if let mark = name.utf8.lastIndex(of: UInt8(ascii: "g")), mark > name.startIndex,
            name[..<mark].hasSuffix("-"),
            let id = try abbreviated(String(name[mark...].dropFirst()), revision)
        {
            return id
        }
        if name == "HEAD", let branch = try repository.currentBranch() {
            throw GitError(
                .notFound, "Branch '\(branch.shortName)' has no commit yet",
                hint: "Make a commit first.")
        }
        throw notFound(revision, "there is no branch, tag or object of that name")
    }

    // The reference a short name stands for. The first rule wins in git, with a warning when a
    // second one fits; where they mean different objects that is refused here.
    private func reference(
        _ name: String, _ revision: Revision
    ) throws -> (name: ReferenceName, id: ObjectID)? {
        var found: [(name: ReferenceName, id: ObjectID)] = []
        for candidate in Self.names(name) {
            if let id = try repository.findTarget(candidate) { found.append((candidate, id)) }
        }
        guard let first = found.first else { return nil }
        if let other = found.first(where: { $0.id != first.id }) {
            throw GitError(
                .ambiguous, "'\(name)' is both '\(first.name)' and '\(other.name)'",
                hint: "Write the full name of the one you mean.")
        }
        return first
    }

    private static func names(_ name: String) -> [ReferenceName] {
        rules.compactMap { rule in
            do {
                return try ReferenceName(rule.before + name + rule.after)
            } catch {
                return nil
            }
        }
    }

    private func abbreviated(_ name: String, _ revision: Revision) throws -> ObjectID? {
        guard let prefix = ObjectIDPrefix(name, format: repository.format) else { return nil }
        let all = try repository.objects.ids(matching: prefix)
        guard all.count > 1 else { return all.first }
        let usable = try all.filter { try canUse($0, for: revision) }
        if usable.count == 1 { return usable[0] }
        let listed = try (usable.isEmpty ? all : usable).prefix(10).map { id in
            "\(id.abbreviated(12)) (\(try repository.readHeader(id).kind))"
        }
        throw GitError(
            .ambiguous,
            "'\(name)' is short for \(all.count) objects: \(listed.joined(separator: ", "))",
            hint: "Write more digits of the one you mean.")
    }

    private func canUse(_ id: ObjectID, for revision: Revision) throws -> Bool {
        let kind: ObjectKind?
        switch revision.steps.first {
        case .ancestor, .parent: kind = .commit
        case .peel(let wanted): kind = wanted
        case .exists: kind = nil
        case nil: kind = revision.path == nil ? wanted : .tree
        }
        guard let kind else { return true }
        let peeled = try repository.readHeader(repository.peel(id, to: nil)).kind
        return peeled == kind || kind == .tree && peeled == .commit
    }

    // The value of a log: of the reference itself, else of the one it leads to, as git looks.
    private func logged(
        _ name: String, _ revision: Revision,
        _ choose: ([ReflogEntry], ObjectID?) -> ObjectID?
    ) throws -> ObjectID {
        let references = repository.references
        var candidates = Self.names(name)
        if name.isEmpty { candidates = [try references.resolve(.head).chain.last ?? .head] }
        for candidate in candidates {
            let (chain, current) = try references.resolve(candidate)
            guard let current else { continue }
            for link in [candidate, chain[chain.count - 1]] {
                guard let entries = try repository.readReflog(link) else { continue }
                if let id = choose(entries, current), !id.isZero { return id }
                let count = entries.count
                throw notFound(
                    revision,
                    "the log of '\(link)' has \(count) \(count == 1 ? "entry" : "entries")"
                        + " and goes back no further")
            }
            if let id = choose([], current) { return id }
        }
        throw notFound(revision, "there is no log of that name")
    }

    // 'checkout: moving from A to B' in HEAD's log, newest first.
    private func previous(_ number: Int, _ revision: Revision) throws -> ObjectID {
        let start = "checkout: moving from "
        var left = number
        for entry in try repository.readReflog(.head) ?? [] where entry.message.hasPrefix(start) {
            let rest = entry.message.dropFirst(start.count)
            guard let end = rest.range(ofBytes: " to ") else { continue }
            left -= 1
            if left == 0 {
                let name = String(rest[..<end.lowerBound])
                // The branch of that name, or the commit when HEAD was on none.
                if let id = try repository.findTarget(ReferenceName.branch(name)) { return id }
                return try named(name, revision)
            }
        }
        throw notFound(revision, "HEAD was not switched that often")
    }

    private func follow(_ step: Revision.Step, from id: ObjectID, _ revision: Revision) throws
        -> ObjectID
    {
        switch step {
        case .exists:
            guard try repository.contains(id) else { throw GitRepository.missing(id) }
            return id
        case .peel(let kind): return try repository.peel(id, to: kind)
        case .parent(let number):
            let commit = try repository.peel(id, to: .commit)
            if number == 0 { return commit }
            let parents = try repository.parents(of: commit)
            guard number <= parents.count else {
                throw notFound(
                    revision, "commit '\(commit.abbreviated())' has \(parents.count) parents")
            }
            return parents[number - 1]
        case .ancestor(let count):
            var commit = try repository.peel(id, to: .commit)
            for _ in 0..<count {
                guard let parent = try repository.parents(of: commit).first else {
                    throw notFound(
                        revision, "commit '\(commit.abbreviated())' is the first of its history")
                }
                commit = parent
            }
            return commit
        }
    }

    private func entry(at path: String, of id: ObjectID, _ revision: Revision) throws -> ObjectID {
        var current = try repository.peel(id, to: .tree)
        var isTree = true
        for part in path.split(separator: "/") {
            guard isTree, let entry = try repository.readTree(current)[String(part)] else {
                throw notFound(revision, "there is no '\(path)' in that tree")
            }
            current = entry.id
            isTree = entry.mode == .directory
        }
        guard isTree || !path.hasSuffix("/") else {
            throw notFound(revision, "'\(path)' is not a folder in that tree")
        }
        return current
    }

    private func notFound(_ revision: Revision, _ why: String) -> GitError {
        GitError(
            .notFound, "Revision '\(revision.text)' can't be found: \(why)",
            hint: "See 'cinch branch list', 'cinch tag' and 'cinch log'.")
    }
}
