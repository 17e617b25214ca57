package import Cinch

/// A language code is written in.
package enum Language: String, Hashable, Sendable, CaseIterable {
    case swift, python, typescript

    /// The files for the rows of a tree.
    ///
    /// - Parameters:
    ///   - tree: The tree's id, for the header.
    ///   - shapes: What rows look like.
    /// - Returns: Names in the folder, and texts; the same for the same tree.
    package func files(tree: String, shapes: [RowShape]) -> [(name: String, text: String)] {
        let header = Header(tree: tree)
        switch self {
        case .swift: return [("Rows.swift", SwiftRows(header: header, shapes: shapes).text)]
        case .python:
            return [
                ("__init__.py", PythonRows(header: header, shapes: shapes).text),
                ("py.typed", ""),
            ]
        case .typescript:
            return [("rows.ts", TypeScriptRows(header: header, shapes: shapes).text)]
        }
    }
}

/// The first lines of every file, by which it is known to be ours.
package struct Header: Hashable, Sendable {
    /// What every file of ours begins with, after the comment's own characters.
    package static let mark = "Written by 'cinch codegen'; changes are lost."

    /// The tree the file was written from.
    package var tree: String

    func text(comment: String) -> String {
        "\(comment) \(Self.mark)\n\(comment) Schema tree \(tree)\n"
    }
}
