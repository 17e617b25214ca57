/// A change of a schema, with what several rules ask of it.
struct LintedChange {
    /// The schema before.
    let before: Schema
    /// The schema afterwards.
    let after: Schema
    /// What differs.
    let diff: SchemaDiff
    /// What is filled in by data steps that come with the change, in folded names.
    let filled: [RowSubject]
    let settings: LintSettings
    let renaming: Renaming
    let tables: Matching<Table>
    /// Tables of `before` as they are after the renames, by the key of their new name.
    let earlier: [String: Table]
    /// Tables by the key of their name before; what each was matched with.
    private let old: [String: Table]

    init(
        from before: Schema, to after: Schema, filling filled: [RowSubject], settings: LintSettings
    ) {
        self.before = before
        self.after = after
        self.settings = settings
        self.filled = filled.map(\.folded)
        diff = SchemaDiff(from: before, to: after)
        let renaming = Renaming(from: before, to: after)
        self.renaming = renaming
        tables = Matching<Table>(before, after)
        var earlier: [String: Table] = [:]
        var old: [String: Table] = [:]
        for (from, to) in tables.pairs {
            earlier[to.name.key] = from == to ? to : renaming.apply(to: from)
            old[to.name.key] = from
        }
        self.earlier = earlier
        self.old = old
    }

    /// What a table was before, under its names of then; absent for a new one.
    func old(_ table: Identifier) -> Table? { old[table.key] }

    /// Columns of a table that are new; all of a new table's.
    func newColumns(of table: Table) -> [Column] {
        guard let old = old(table.name) else { return table.columns }
        return Matching<Column>(old, table).created
    }

    /// Columns that are new, or have got another type.
    func retypedColumns(of table: Table) -> [Column] {
        guard let earlier = earlier[table.name.key] else { return table.columns }
        guard earlier != table else { return [] }
        let new = Set(newColumns(of: table).map(\.name.key))
        return table.columns.filter { column in
            new.contains(column.name.key)
                || earlier.column(named: column.name)?.declaredType != column.declaredType
        }
    }

    /// Indexes as they are after the renames.
    var earlierIndexes: [Index] { before.indexes.map(renaming.apply) }

    /// Whether a data step that comes with the change writes a column.
    func fills(_ column: Identifier, of table: Identifier) -> Bool {
        filled.contains { subject in
            subject.table.key == table.key && (subject.column.map { $0.key == column.key } ?? true)
        }
    }
}
