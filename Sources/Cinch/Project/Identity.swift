/// Who a commit is by.
public struct Identity: Hashable, Sendable {
    /// In which role someone stands in a commit.
    public enum Role: Hashable, Sendable {
        /// Who made the change.
        case author
        /// Who recorded it.
        case committer
    }

    /// The name, without the characters git's format can't hold.
    public var name: String
    /// The address, likewise.
    public var email: String

    /// Makes an identity. As git does, `<`, `>`, newlines and NUL are removed, and space and
    /// punctuation at both ends.
    ///
    /// - Throws: `CinchError` with `.invalid` if no name is left.
    public init(name: String, email: String) throws {
        self.name = Self.cleaned(name)
        self.email = Self.cleaned(email)
        guard !self.name.isEmpty else {
            throw CinchError(
                code: .invalid, message: "A commit needs a name for its author",
                hint: "Set CINCH_AUTHOR_NAME, or name under [user] in .cinch/config.toml.")
        }
    }

    /// Finds out who is working, name and address each from the first of these that has it:
    /// `CINCH_AUTHOR_NAME`/`_EMAIL`, `GIT_AUTHOR_…`, `[user]` in the configuration, for the address
    /// `EMAIL`, and the login name at this machine. For the committer `CINCH_COMMITTER_…` and
    /// `GIT_COMMITTER_…` come before `CINCH_AUTHOR_…`.
    ///
    /// - Throws: `CinchError` with `.invalid` if what is set is no name.
    public init(
        _ role: Role, in context: Context, configuration: ProjectConfiguration? = nil
    ) throws {
        let prefixes =
            switch role {
            case .author: ["CINCH_AUTHOR_", "GIT_AUTHOR_"]
            case .committer: ["CINCH_COMMITTER_", "GIT_COMMITTER_", "CINCH_AUTHOR_"]
            }
        func variable(_ suffix: String) -> String? {
            prefixes.lazy.compactMap { context.variable($0 + suffix) }.first
        }
        let name = variable("NAME") ?? configuration?.userName
        let email = variable("EMAIL") ?? configuration?.userEmail ?? context.variable("EMAIL")
        if let name, let email {
            try self.init(name: name, email: email)
        } else {
            let account = context.account()
            try self.init(
                name: name ?? account.name, email: email ?? "\(account.user)@\(account.host)")
        }
    }

    private static func cleaned(_ text: String) -> String {
        let crud = ".,:;<>\"\\'"
        func isCrud(_ character: Character) -> Bool {
            crud.contains(character) || character.unicodeScalars.allSatisfy { $0.value <= 32 }
        }
        var rest = text[...]
        while let first = rest.first, isCrud(first) { rest.removeFirst() }
        while let last = rest.last, isCrud(last) { rest.removeLast() }
        return String(rest.filter { !"<>\n\r\r\n\0".contains($0) })
    }
}

extension Timestamp {
    /// The time to put into a commit: `CINCH_DATE`, then git's own `GIT_AUTHOR_DATE` or
    /// `GIT_COMMITTER_DATE`, then now.
    ///
    /// - Throws: `CinchError` with `.invalid` if a variable holds no date.
    public init(for role: Identity.Role, in context: Context) throws {
        let variable = role == .author ? "GIT_AUTHOR_DATE" : "GIT_COMMITTER_DATE"
        if let text = context.variable("CINCH_DATE") ?? context.variable(variable) {
            try self.init(parsing: text)
        } else {
            self = context.now()
        }
    }
}
