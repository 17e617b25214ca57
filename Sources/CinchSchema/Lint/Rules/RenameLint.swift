/// What looks like a rename and isn't one.
enum RenameLint: LintGroup {
    static let renameWithoutIntent = LintRule(
        "rename-without-intent", "What goes and what is new are alike", .warning,
        why: """
            A column or table that is dropped while one like it is added is mostly meant to be the same \
            one under another name. As it is, its values are parked and the new one begins empty.
            """,
        example: """
            ALTER TABLE users DROP COLUMN mail;
            ALTER TABLE users ADD COLUMN email TEXT;
            """,
        fix: """
            Rename it: `cinch column rename users mail email`, `ALTER TABLE … RENAME COLUMN`, or \
            `-- renamed from: mail` on its line in a file that is applied.
            """)

    static let rules = [renameWithoutIntent]

    static func findings(in change: LintedChange) -> [LintFinding] {
        columns(change) + tables(change)
    }

    private static func columns(_ change: LintedChange) -> [LintFinding] {
        change.tables.pairs.flatMap { old, new -> [LintFinding] in
            guard old != new else { return [] }
            let matching = Matching<Column>(old, new)
            var gone = matching.dropped
            return matching.created.compactMap { column in
                let like =
                    gone.firstIndex { $0.name.matches(column.name) }
                    ?? gone.firstIndex { $0.isDefined(as: column) }
                guard let like else { return nil }
                let was = gone.remove(at: like)
                let isSame = was.name.matches(column.name)
                return LintFinding(
                    renameWithoutIntent, "\(new.name).\(column.name)",
                    isSame
                        ? "column \(new.name).\(column.name) is dropped and made anew, without its"
                            + " values"
                        : "column \(new.name).\(was.name) is dropped, and \(new.name).\(column.name),"
                            + " defined as it was, is new and empty",
                    suggestion: isSame
                        ? "Change its definition instead, and its values stay."
                        : "If it is the same one, run 'cinch column rename \(new.name.quoted)"
                            + " \(was.name.quoted) \(column.name.quoted)' instead.",
                    at: LintPlace(column: column.name, of: new))
            }
        }
    }

    private static func tables(_ change: LintedChange) -> [LintFinding] {
        var gone = change.tables.dropped
        return change.tables.created.compactMap { table in
            let like =
                gone.firstIndex { $0.name.matches(table.name) }
                ?? gone.firstIndex { $0.isLike(table) }
            guard let like else { return nil }
            let was = gone.remove(at: like)
            let isSame = was.name.matches(table.name)
            return LintFinding(
                renameWithoutIntent, table.name.text,
                isSame
                    ? "table \(table.name) is dropped and made anew, without its rows"
                    : "table \(was.name) is dropped, and \(table.name), much like it, is new and empty",
                suggestion: isSame
                    ? "Change its definition instead, and its rows stay."
                    : "If it is the same one, run 'cinch table rename \(was.name.quoted)"
                        + " \(table.name.quoted)' instead.",
                at: LintPlace(.table, table.name))
        }
    }
}

extension Column {
    /// Whether two are defined the same but for their names.
    fileprivate func isDefined(as other: Column) -> Bool {
        var copy = withoutID
        copy.name = other.name
        return copy == other.withoutID
    }
}

extension Table {
    /// Whether most columns of both have the same name and type.
    fileprivate func isLike(_ other: Table) -> Bool {
        let words = { (table: Table) in
            Set(table.columns.map { "\($0.name.key) \($0.declaredType.asciiUppercased)" })
        }
        let (mine, theirs) = (words(self), words(other))
        let shared = mine.intersection(theirs).count
        return shared > 1 && shared * 3 >= mine.union(theirs).count * 2
    }
}
