/// What went wrong in the repository: what could not be done and to what, and what to do next.
package struct GitError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kind of failure, open so that a new one breaks no caller.
    package struct Code: Hashable, Sendable, CustomStringConvertible {
        /// The word shown in logs and JSON.
        package let description: String

        private init(_ description: String) { self.description = description }

        /// No such object, reference, path or reflog entry.
        package static let notFound = Self("not-found")
        /// What is on disk breaks git's format or does not match its hash.
        package static let corrupt = Self("corrupt")
        /// Another process holds the lock file the message names.
        package static let locked = Self("locked")
        /// Text that can't be a reference name, a revision, a tree entry or a signature.
        package static let invalidName = Self("invalid-name")
        /// An abbreviation or a short name that fits several things.
        package static let ambiguous = Self("ambiguous")
        /// A reference is not at the value the caller expected, or its name is taken.
        package static let conflict = Self("conflict")
        /// Two commits without a common ancestor.
        package static let unrelated = Self("unrelated")
        /// An object above the size limit; nothing was allocated for it.
        package static let tooLarge = Self("too-large")
        /// The operating system refused.
        package static let io = Self("io")
        /// Valid git, but not something this library reads or writes.
        package static let unsupported = Self("unsupported")
        /// There is a repository, or something else, already.
        package static let alreadyExists = Self("already-exists")
    }

    package var code: Code
    /// One sentence without a full stop, names in single quotes.
    package var message: String
    /// One imperative sentence.
    package var hint: String

    package init(_ code: Code, _ message: String, hint: String) {
        self.code = code
        self.message = message
        self.hint = hint
    }

    package var description: String { "\(message) (\(code)). \(hint)" }
}
