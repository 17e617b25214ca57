#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Where another copy of a repository is, in the forms git reads that run nobody's program.
package struct RemoteURL: Hashable, Sendable, CustomStringConvertible {
    /// As git is given it: a path is absolute.
    package let text: String
    /// Whether it is a path on this machine.
    package let isPath: Bool

    /// Reads what a user typed.
    ///
    /// - Parameter folder: What a relative path starts from.
    /// - Throws: `.invalid` for what begins like an option, has control characters, or names a
    ///   helper program, as `ext::` does.
    package init(_ typed: String, from folder: String) throws {
        let shown = TerminalText.escaped(typed)
        func refused(_ reason: String) -> CinchError {
            CinchError(
                code: .invalid, message: "'\(shown)' is no address of a repository: \(reason)",
                hint: "Give a path, ssh://host/path, host:path, https:// or git://.")
        }
        guard !typed.isEmpty else { throw refused("it is empty") }
        guard !typed.hasPrefix("-") else { throw refused("it starts with '-'") }
        guard typed.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
            throw refused("it has a control character")
        }
        // As git decides: a path, unless a colon comes before the first slash.
        let start = typed.prefix { $0 != "/" }
        if let colon = start.firstIndex(of: ":") {
            let rest = typed[typed.index(after: colon)...]
            guard !rest.hasPrefix(":") else { throw refused("it would run a helper program") }
            let host = start[..<colon]
            guard !host.isEmpty, !host.hasPrefix("-") else { throw refused("it has no host") }
            if rest.hasPrefix("//") {
                let scheme = host.lowercased()
                guard ["file", "git", "http", "https", "ssh", "git+ssh"].contains(scheme) else {
                    throw refused("'\(TerminalText.escaped(scheme))' is no transport it could use")
                }
                guard !rest.dropFirst(2).hasPrefix("-") else { throw refused("its host is '-'") }
            }
            text = typed
            isPath = false
            return
        }
        let path = typed.hasPrefix("/") ? typed : "\(folder)/\(typed)"
        isPath = true
        guard let resolved = realpath(path, nil) else {
            text = path
            return
        }
        defer { free(resolved) }
        text = String(cString: resolved)
    }

    /// As it may be shown: without a password.
    package var description: String {
        let parts = text.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
        guard !isPath, parts.count > 2, parts[1].isEmpty, let at = parts[2].lastIndex(of: "@"),
            let colon = parts[2][..<at].firstIndex(of: ":")
        else { return TerminalText.escaped(text) }
        let host = parts[2][...colon] + "***" + parts[2][at...]
        let rest = parts.count > 3 ? "/\(parts[3])" : ""
        return TerminalText.escaped("\(parts[0])//\(host)\(rest)")
    }

    /// What a copy of it is called: the last component without `.git`, or the database's name for
    /// the repository in a project.
    package var name: String {
        var parts = text.split { $0 == "/" || (!isPath && $0 == ":") }.map(String.init)
        if parts.count > 2, parts.last == "schema.git", parts[parts.count - 3] == "databases" {
            parts.removeLast()
        }
        var name = parts.last ?? ""
        for end in [".git", ".bundle"] where name.hasSuffix(end) { name.removeLast(end.count) }
        return name
    }
}

/// The name of a remote.
package struct RemoteName: Hashable, Sendable, CustomStringConvertible {
    package let text: String

    /// - Throws: `.invalid` for what can't be one word of a reference and of a section.
    package init(_ text: String) throws {
        let isPlain = text.utf8.allSatisfy { byte in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || "._-".utf8.contains(byte)
        }
        let isWord = !text.hasPrefix("-") && !text.hasPrefix(".") && !text.contains("..")
        guard isPlain, isWord, !text.isEmpty, text.utf8.count < 100, !text.hasSuffix("."),
            !text.hasSuffix(".lock")
        else {
            throw CinchError(
                code: .invalid, message: "'\(TerminalText.escaped(text))' can't name a remote",
                hint: "Use letters, digits, '_', '.' and '-', such as origin.")
        }
        self.text = text
    }

    package var description: String { text }
}
