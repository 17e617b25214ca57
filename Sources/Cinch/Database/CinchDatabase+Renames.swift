import CinchGit
import CinchRepository
import CinchSchema

extension CinchDatabase {
    /// Whether a table, or a column of it, had this name before the one it has at a commit.
    ///
    /// Looks back along the first parents as far as its last rename.
    func wasCalled(
        _ old: Identifier, table: StableID, column: StableID?, at commit: ObjectID
    ) throws -> Bool {
        var current: Identifier?
        var next: ObjectID? = commit
        while let commit = next {
            let schema = try history.schema(of: commit)
            let name: Identifier?
            if let column {
                let found = schema.tables.first { $0.id == table }
                name = found?.columns.first { $0.id == column }?.name
            } else {
                name =
                    schema.tables.first { $0.id == table }?.name
                    ?? schema.virtualTables.first { $0.id == table }?.name
            }
            guard let name else { return false }
            if let current, !name.matches(current) { return name.matches(old) }
            current = name
            next = try history.git.readCommit(commit).parents.first
        }
        return false
    }

    /// Where something went and something came, how to say that it was a rename.
    static func unmarkedRenames(from before: Schema, to after: Schema) -> [String] {
        var tables = LostAndFound()
        var byTable: [(table: Identifier, columns: LostAndFound)] = []
        for change in SchemaDiff(from: before, to: after).changes {
            switch change {
            case .dropTable(let table): tables.lost.append(table.name)
            case .createTable(let table): tables.found.append(table.name)
            case .dropColumn(let column, let table), .addColumn(let column, let table):
                if byTable.last?.table != table { byTable.append((table, LostAndFound())) }
                let last = byTable.count - 1
                if change.verb == "drop" {
                    byTable[last].columns.lost.append(column.name)
                } else {
                    byTable[last].columns.found.append(column.name)
                }
            default: break
            }
        }
        return [tables.note(about: "The schema", "table", line: "first line")].compactMap { $0 }
            + byTable.compactMap {
                $0.columns.note(about: $0.table.text, "column", line: "line")
            }
    }
}

/// Names that are gone and names that are new.
private struct LostAndFound {
    var lost: [Identifier] = []
    var found: [Identifier] = []

    /// More pairs than this are not listed one by one.
    private static let listed = 6

    func note(about whole: String, _ kind: String, line: String) -> String? {
        guard let old = lost.first, let new = found.first else { return nil }
        let what =
            "\(whole) lost \(kind)\(lost.count == 1 ? "" : "s") \(Self.list(lost))"
            + " and got \(Self.list(found))"
        if lost.count == 1, found.count == 1 {
            return "\(what); if that is a rename, undo this and write"
                + " '-- renamed from: \(old.quoted)' on the \(line) of '\(new)'"
        }
        let pairs = lost.flatMap { old in found.map { "\(old) to \($0)" } }
        let examples =
            pairs.count > Self.listed ? "" : " (perhaps \(pairs.joined(separator: ", ")))"
        return "\(what); if there is a rename among these\(examples), undo this and write"
            + " '-- renamed from:' and the old name on the \(line) of the new one"
    }

    private static func list(_ names: [Identifier]) -> String {
        let quoted = names.map { "'\($0)'" }
        guard let last = quoted.last, quoted.count > 1 else { return quoted.joined() }
        return quoted.dropLast().joined(separator: ", ") + " and " + last
    }
}

extension RenameHints.Failure {
    /// What to do about it.
    var hint: String {
        switch self {
        case .unreadable:
            "Write '-- renamed from: old', with a name that needs it in double quotes."
        case .misplaced:
            "Write it at the end of the column's line, or of the line that begins the table."
        case .unknown(let mark):
            "Correct the name, or take the comment away where \(mark.new) is new."
        case .twice: "Take away one of the two comments."
        case .stillThere(let mark, _):
            "Take \(mark.old) out of the text; what is new under that name comes with the next"
                + " apply."
        case .contradictsID: "Take away the comment that is wrong."
        }
    }
}
