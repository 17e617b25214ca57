/// What the tables and columns of a base are called by now, as the scripts that ran have said.
///
/// Templates name them as the base does, in braces: `{users}`, `{users.name}`.
struct CurrentNames {
    /// A template names what a script before has dropped.
    struct Gone: Error, CustomStringConvertible {
        var path: String
        var description: String { "\(path) is gone" }
    }

    private var renamed: [String: String] = [:]
    private var dropped: Set<String> = []

    /// The template with current names in it.
    func fill(_ template: String) throws -> String {
        var text = ""
        for (place, piece) in template.split(separator: "{", omittingEmptySubsequences: false)
            .enumerated()
        {
            guard place > 0, let end = piece.firstIndex(of: "}") else {
                text += piece
                continue
            }
            text += try self[String(piece[..<end])] + piece[piece.index(after: end)...]
        }
        return text
    }

    /// The name of a table, or of a column given as `table.column`.
    subscript(path: String) -> String {
        get throws {
            let parts = path.split(separator: ".").map(String.init)
            if dropped.contains(parts[0]) || dropped.contains(path) { throw Gone(path: path) }
            return renamed[path] ?? parts[parts.count - 1]
        }
    }

    /// Takes in what an operation has done.
    mutating func follow(_ operation: MatrixOperation) {
        renamed.merge(operation.renames) { $1 }
        dropped.formUnion(operation.drops)
    }
}
