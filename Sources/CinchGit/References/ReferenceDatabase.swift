import Synchronization

/// The references of a repository: a file each, or a line in `packed-refs`; the file wins.
final class ReferenceDatabase: Sendable {
    let folder: String
    let format: ObjectFormat
    private let packedCache = Mutex<(stamp: FileStamp, references: PackedReferences)?>(nil)
    // As deep as git follows symbolic references.
    private static let depth = 5

    init(folder: String, format: ObjectFormat) {
        self.folder = folder
        self.format = format
    }

    /// Where the reference's own file is, whether or not it has one.
    func path(of name: ReferenceName) -> String { "\(folder)/\(name)" }

    /// Where the reference's log is, whether or not it has one.
    func logPath(of name: ReferenceName) -> String { "\(folder)/logs/\(name)" }

    var packedPath: String { "\(folder)/packed-refs" }

    /// What the reference holds; nil when there is none of that name.
    func find(_ name: ReferenceName) throws -> Reference? {
        if let reference = try loose(name) { return reference }
        // `git pack-refs` writes packed-refs before it removes the file: this order can't miss.
        return try packed()[name].map { .direct($0.id) }
    }

    /// Follows symbolic references; the last name of the chain and what it holds, nil when that
    /// one does not exist.
    ///
    /// - Throws: `.corrupt` for a chain that doesn't end.
    func resolve(
        _ name: ReferenceName
    ) throws -> (chain: [ReferenceName], id: ObjectID?) {
        var chain = [name]
        while true {
            switch try find(chain[chain.count - 1]) {
            case nil: return (chain, nil)
            case .direct(let id): return (chain, id)
            case .symbolic(let next):
                guard chain.count <= Self.depth else {
                    throw GitError(
                        .corrupt, "Reference '\(name)' leads through too many references",
                        hint: "Point it at a branch with 'git symbolic-ref'.")
                }
                chain.append(next)
            }
        }
    }

    /// Every reference whose name starts with `prefix`, in name order.
    ///
    /// - Throws: `.corrupt` naming the reference when one can't be read: leaving it out would
    ///   look like it didn't exist.
    func list(_ prefix: String) throws -> [(name: ReferenceName, reference: Reference)] {
        try list(prefix) { throw $0 }
    }

    /// The same with what can't be read beside it, for telling everything that is wrong.
    func listTolerantly(
        _ prefix: String
    ) -> (references: [(name: ReferenceName, reference: Reference)], failures: [GitError]) {
        var failures: [GitError] = []
        do {
            return (try list(prefix) { failures.append($0) }, failures)
        } catch {
            failures.append(error as? GitError ?? GitError(.io, "\(error)", hint: ""))
            return ([], failures)
        }
    }

    private func list(
        _ prefix: String, failure: (GitError) throws -> Void
    ) throws -> [(name: ReferenceName, reference: Reference)] {
        // The deepest folder that holds all of them.
        let start = prefix.hasPrefix("refs/") ? FileSystem.parent(of: prefix) : "refs"
        var found: [ReferenceName: Reference] = [:]
        func attempt<Value>(_ body: () throws -> Value) throws -> Value? {
            do {
                return try body()
            } catch let error as GitError {
                try failure(error)
                return nil
            }
        }
        let names = try looseNames(in: start, failure: failure)
        for name in names where name.path.utf8.starts(with: prefix.utf8) {
            // It may have been deleted or packed since the folder was listed.
            if let reference = try attempt({ try loose(name) }) ?? nil { found[name] = reference }
        }
        let lines = try attempt { try packed().entries(startingWith: prefix) } ?? []
        for entry in lines where found[entry.name] == nil {
            found[entry.name] = .direct(entry.id)
        }
        return found.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    /// The reference that keeps `name` from being a file: `a` for `a/b` and the other way round.
    func obstacle(
        to name: ReferenceName, ignoring: Set<ReferenceName> = []
    ) throws -> ReferenceName? {
        guard name.path.hasPrefix("refs/") else { return nil }
        for ancestor in name.ancestors where !ignoring.contains(ancestor) {
            if try find(ancestor) != nil { return ancestor }
        }
        return try list("\(name)/").first { !ignoring.contains($0.name) }?.name
    }

    /// The references in `packed-refs`, read again when the file has changed.
    func packed() throws -> PackedReferences {
        try packedCache.withLock { cache in
            guard let stamp = try FileStamp(of: packedPath) else {
                cache = nil
                return PackedReferences()
            }
            if let cache, cache.stamp == stamp { return cache.references }
            let bytes = try FileSystem.readFile(packedPath) ?? []
            do {
                let references = try PackedReferences(decoding: bytes, format: format)
                // Kept only if no other file took its place between the two calls.
                cache = try FileStamp(of: packedPath) == stamp ? (stamp, references) : nil
                return references
            } catch let error as ObjectFormatError {
                throw GitError(
                    .corrupt, "'\(packedPath)' can't be read: \(error.reason)",
                    hint: "Repair the file by hand; the reflogs under 'logs/' know the values.")
            }
        }
    }

    /// What the reference's own file holds; nil when it has none.
    func loose(_ name: ReferenceName) throws -> Reference? {
        guard let bytes = try FileSystem.readFile(path(of: name), limit: 1 << 16) else {
            return nil
        }
        if bytes.starts(with: Array("ref:".utf8)) {
            var text = bytes[4...]
            while let first = text.first, isSpace(first) { text.removeFirst() }
            while let last = text.last, isSpace(last) { text.removeLast() }
            if let target = String(validating: text, as: UTF8.self) {
                do {
                    return .symbolic(try ReferenceName(target))
                } catch is GitError {
                    throw broken(name)
                }
            }
            throw broken(name)
        }
        // Git allows white space and anything after it behind the name.
        guard let id = ObjectID(hexBytes: bytes.prefix(format.hexCount)), id.format == format,
            bytes.dropFirst(format.hexCount).first.map(isSpace) ?? true
        else { throw broken(name) }
        return .direct(id)
    }

    private func looseNames(
        in start: String, failure: (GitError) throws -> Void
    ) throws -> [ReferenceName] {
        var names: [ReferenceName] = []
        var waiting = [start]
        while let directory = waiting.popLast() {
            for file in try FileSystem.names(in: "\(folder)/\(directory)") ?? [] {
                // Lock files, and names that could not be references anyway, as git skips them.
                guard !file.hasSuffix(".lock"), !file.hasPrefix(".") else { continue }
                let path = "\(directory)/\(file)"
                switch try FileSystem.kind(of: "\(folder)/\(path)") {
                case .directory: waiting.append(path)
                case .file, .other:
                    do {
                        names.append(try ReferenceName(path))
                    } catch let error as GitError {
                        try failure(error)
                    }
                case nil: break
                }
            }
        }
        return names
    }

    private func broken(_ name: ReferenceName) -> GitError {
        GitError(
            .corrupt, "Reference '\(name)' holds neither an object name nor a reference name",
            hint: "Find its last value in 'logs/\(name)' and set it with 'git update-ref'.")
    }

    private func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
}
