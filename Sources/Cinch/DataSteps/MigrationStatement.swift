import CinchSchema

/// One statement of a migration that was run.
struct MigrationStatement: Hashable, Sendable {
    /// Its text.
    var text: String
    /// What it did to the identity of tables and columns; absent for nothing.
    var event: IdentityEvent?
    /// Whether it inserts, updates or deletes rows.
    var changesRows: Bool
    /// What it writes by itself, in lower case.
    var written: Set<RowSubject>

    /// The first word, in capitals.
    private var word: String { SQLText.outline(text, count: 1).words.first ?? "" }

    /// Whether it begins, ends or divides a transaction, which a tenant's change is already.
    var isTransactionControl: Bool {
        ["BEGIN", "COMMIT", "END", "ROLLBACK", "SAVEPOINT", "RELEASE"].contains(word)
    }

    /// Whether it adds rows that come from no table: they meet no demand that others don't.
    var isSeed: Bool { event == nil && ["INSERT", "REPLACE"].contains(word) }

    /// Whether it takes back what was done before.
    var rollsBack: Bool { word == "ROLLBACK" }

    /// Whether it has an effect inside of a transaction on one database file.
    var isRecorded: Bool {
        !isTransactionControl
            && !["PRAGMA", "VACUUM", "ANALYZE", "SELECT", "EXPLAIN"].contains(word)
    }
}

extension [MigrationStatement] {
    /// What old rows may have got new values in, in lower case, under the names it had then and
    /// those it has in the end.
    var written: Set<RowSubject> {
        var found: Set<RowSubject> = []
        for statement in self {
            switch statement.event {
            case .renameTable(let from, let to)?:
                for subject in found where subject.table.matches(from) {
                    found.insert(RowSubject(table: to, column: subject.column).folded)
                }
            case .renameColumn(let from, let to, let table)?:
                if found.contains(RowSubject(table: table, column: from).folded) {
                    found.insert(RowSubject(table: table, column: to).folded)
                }
            case .createTable(let name, copying: .some)?:
                found.insert(RowSubject(table: name).folded)
            default:
                if statement.changesRows, !statement.isSeed { found.formUnion(statement.written) }
            }
        }
        return found
    }

    /// Whether they do more to rows than a plan between the two schemas does: anything but take
    /// over every row of a table that is dropped for its successor, now or by a later migration.
    func computesRows(
        from before: Schema, to after: Schema, before upcoming: UpcomingStatements
    ) -> Bool {
        let kept = Set(after.tables.compactMap(\.id))
        // What each table was called in the beginning.
        var names: [String: String] = [:]
        let original = { (name: Identifier) in names[name.key] ?? name.key }
        var copies: [Identifier: Identifier] = [:]
        for statement in self {
            switch statement.event {
            case .renameTable(let from, let to)?:
                names[to.key] = original(from)
                let name = { (name: Identifier) in name.matches(from) ? to : name }
                copies = Dictionary(
                    copies.map { (name($0.key), name($0.value)) }, uniquingKeysWith: { $1 })
            case .copyRows(let copy, into: let target)?,
                .createTable(let target, copying: let copy?)?:
                let id = before.tables[Identifier(original(copy.source))]?.id
                guard copy.isWhole, id.map(kept.contains) == true else { return true }
                copies[copy.source] = target
            case .createTable(let name, copying: nil)?: names[name.key] = name.key
            case .dropTable(let name)?: copies = copies.filter { !$0.key.matches(name) }
            default: if statement.changesRows { return true }
            }
        }
        return !copies.allSatisfy { upcoming.drops($0.key, keeping: $0.value) }
    }
}
