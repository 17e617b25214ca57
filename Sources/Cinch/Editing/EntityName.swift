/// The rules for names of tables, columns, indexes, views and triggers.
package enum EntityName {
    /// Whether the name is one of cinch's own: it begins with `_cinch_`, in any case.
    package static func isInternal(_ name: String) -> Bool {
        SQLText.folded(name).hasPrefix("_cinch_")
    }

    /// Checks a name a user gives to something new.
    ///
    /// Spaces, quotes, keywords and letters of any script are fine. Not allowed: nothing at all,
    /// more than 128 bytes, control characters, and the beginnings `sqlite_` and `_cinch_`.
    ///
    /// - Parameter kind: What is named, for the message: `table`, `column`.
    /// - Throws: `CinchError` with `.invalid`.
    package static func validate(_ name: String, kind: String) throws {
        guard !name.isEmpty else {
            throw CinchError(
                code: .invalid, message: "The name of a \(kind) can't be empty",
                hint: "Give it a name, such as 'users'.")
        }
        guard name.utf8.count <= 128 else {
            throw CinchError(
                code: .invalid,
                message: "The name of a \(kind) is \(name.utf8.count) bytes long, at most 128 fit",
                hint: "Choose a shorter name.")
        }
        let shown = TerminalText.escaped(name)
        guard shown == name else {
            throw CinchError(
                code: .invalid, message: "The name '\(shown)' holds a control character",
                hint: "Use letters, digits and underscores.")
        }
        for prefix in ["sqlite_", "_cinch_"] where SQLText.folded(name).hasPrefix(prefix) {
            throw CinchError(
                code: .invalid,
                message: "The name '\(name)' is reserved, as is everything beginning '\(prefix)'",
                hint: "Choose another name for the \(kind).")
        }
    }
}
