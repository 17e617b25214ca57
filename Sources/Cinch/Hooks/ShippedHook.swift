import CinchHooks

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A hook that comes with cinch, ready to be installed in a repository.
package struct ShippedHook: Sendable {
    /// How one stands in a repository.
    package enum State: String, Hashable, Sendable {
        /// It isn't there.
        case available
        /// It is there, as it came.
        case installed
        /// It is there, as it came, and is not run because it is not executable.
        case ignored
        /// It is there, changed since, or of another version.
        case changed
        /// In its place is a program of somebody else's.
        case foreign
    }

    /// Its name: the hook's, and what it does.
    package let name: String
    /// What it is run for.
    package let hook: Hook
    private let text: [UInt8]

    /// All of them, in name order.
    package static let all: [ShippedHook] = ShippedScripts.all.compactMap { script in
        let hook = Hook.allCases.first { script.name.hasPrefix($0.rawValue) }
        return hook.map { ShippedHook(name: script.name, hook: $0, text: script.text) }
    }

    /// The one of that name.
    ///
    /// - Throws: `.notFound`.
    package static func named(_ name: String) throws -> ShippedHook {
        guard let found = all.first(where: { $0.name == name }) else {
            throw CinchError(
                code: .notFound,
                message: "No hook '\(TerminalText.escaped(name))' comes with cinch",
                hint: "See 'cinch hooks list'.")
        }
        return found
    }

    /// Where it is installed, under the folder of hooks. One that git runs has only its own name.
    package var place: String {
        name == hook.rawValue ? name : "\(hook.rawValue).d/\(name)"
    }

    /// What is in its place.
    package func state(in folder: HookFolder) throws -> State {
        let path = "\(folder.path)/\(place)"
        var status = stat()
        guard lstat(path, &status) == 0 else { return .available }
        guard status.st_mode & S_IFMT == S_IFREG else { return .foreign }
        let found = try TextReplacement.read(path)
        if found == text { return status.st_mode & 0o111 == 0 ? .ignored : .installed }
        let head = String(decoding: found.prefix(200), as: UTF8.self)
        return head.contains("\n# cinch hook: \(name)\n") ? .changed : .foreign
    }

    /// Puts it in its place, whole or not at all.
    ///
    /// - Throws: `.exists` when something else is there, unless `force`.
    package func install(in folder: HookFolder, force: Bool) throws {
        let state = try state(in: folder)
        guard force || [.available, .installed, .ignored].contains(state) else {
            throw CinchError(
                code: .exists,
                message: "'hooks/\(place)' is there already, and is not what comes with cinch",
                hint: "Look at it; --force replaces it.")
        }
        let path = "\(folder.path)/\(place)"
        for directory in [folder.path, ProjectLayout.split(path).parent] {
            guard mkdir(directory, 0o777) != 0, errno != EEXIST else { continue }
            throw Self.failure("made", directory)
        }
        let (descriptor, temporary) = try TextReplacement.temporaryFile(beside: path)
        do {
            defer { close(descriptor) }
            try TextReplacement.write(text, to: descriptor, path)
            guard fchmod(descriptor, 0o755) == 0, fsync(descriptor) == 0,
                rename(temporary, path) == 0
            else { throw Self.failure("written", path) }
        } catch {
            unlink(temporary)
            throw error
        }
    }

    /// Takes it away.
    ///
    /// - Throws: `.notFound` when it isn't there, `.refused` when something else is, unless `force`.
    package func uninstall(from folder: HookFolder, force: Bool) throws {
        switch try state(in: folder) {
        case .available:
            throw CinchError(
                code: .notFound, message: "The hook '\(name)' is not installed",
                hint: "See 'cinch hooks list'.")
        case .foreign, .changed:
            guard force else {
                throw CinchError(
                    code: .refused,
                    message: "'hooks/\(place)' is not what comes with cinch",
                    hint: "Look at it; --force removes it.")
            }
        case .installed, .ignored: break
        }
        let path = "\(folder.path)/\(place)"
        guard unlink(path) == 0 else { throw Self.failure("removed", path) }
        // The folder goes with its last program.
        if name != hook.rawValue { rmdir(ProjectLayout.split(path).parent) }
    }

    private static func failure(_ verb: String, _ path: String) -> CinchError {
        CinchError(
            code: .failed,
            message: "'\(path)' can't be \(verb): \(String(cString: strerror(errno)))",
            hint: "Check that you may write there; nothing was changed.")
    }
}
