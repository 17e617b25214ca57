extension Step {
    /// The step as SQLite statements, in order.
    public var statements: [String] {
        switch self {
        case .dropTrigger(let name): ["DROP TRIGGER \(name.quoted);"]
        case .dropView(let name): ["DROP VIEW \(name.quoted);"]
        case .dropIndex(let name): ["DROP INDEX \(name.quoted);"]
        case .dropTable(let table): ["DROP TABLE \(table.name.quoted);"]
        case .dropVirtualTable(let table): ["DROP TABLE \(table.name.quoted);"]
        case .renameTable(let from, let to):
            ["ALTER TABLE \(from.quoted) RENAME TO \(to.quoted);"]
        case .renameColumn(let from, let to, let table):
            ["ALTER TABLE \(table.quoted) RENAME COLUMN \(from.quoted) TO \(to.quoted);"]
        case .createTable(let table): [table.ddl(ids: false)]
        case .createVirtualTable(let table): [table.ddl(ids: false)]
        case .addColumn(let column, let table):
            ["ALTER TABLE \(table.quoted) ADD COLUMN \(column.ddl);"]
        case .dropColumn(let column, let table):
            ["ALTER TABLE \(table.quoted) DROP COLUMN \(column.name.quoted);"]
        case .rebuildTable(let rebuild): rebuild.statements
        case .createIndex(let index): [index.ddl]
        case .createView(let view): [view.ddl]
        case .createTrigger(let trigger): [trigger.ddl]
        case .park(let copy): copy.statements
        case .restoreRows(let restoration): restoration.statements
        case .unpark(let data): data.removal
        case .outdate(let data): data.outdating
        }
    }
}

extension TableRebuild {
    // Invariants of a rebuild (lang_altertable, the twelve steps)
    //   R1  Create, copy, drop, rename: renaming the old table first would turn the foreign keys
    //       of its children to it.
    //   R2  Columns are listed on both sides; generated ones are computed, never copied.
    //   R3  Rows keep their rowid, in its order, wherever both tables have one.
    //   R4  AUTOINCREMENT goes on counting from where it was, even over deleted rows.
    //   R5  RENAME looks at no view or trigger unless they have stepped aside.
    //   R6  A NULL that would become a rowid stops the copy: SQLite would make up a number.
    //   R7  A row that breaks a constraint stops the copy, whatever its ON CONFLICT clause says.
    fileprivate var statements: [String] {
        let temporary = Identifier("_cinch_new_" + to.name.text)
        var new = to
        new.name = temporary
        if isAlone { new = new.callingItself(temporary, insteadOf: to.name) }
        var statements = [new.ddl(ids: false)]
        statements.append(copy(into: temporary))
        if from.isAutoincrement, to.isAutoincrement {
            let literals = [temporary, from.name].map { Token.quote($0.text, by: "'") }
            statements.append("DELETE FROM sqlite_sequence WHERE name = \(literals[0]);")
            statements.append(
                "INSERT INTO sqlite_sequence (name, seq) SELECT \(literals[0]), seq"
                    + " FROM sqlite_sequence WHERE name = \(literals[1]);")
        }
        statements.append("DROP TABLE \(from.name.quoted);")
        let rename = "ALTER TABLE \(temporary.quoted) RENAME TO \(to.name.quoted);"
        return statements
            + (isAlone
                ? [rename]
                : [
                    "PRAGMA legacy_alter_table = ON;", rename,
                    "PRAGMA legacy_alter_table = OFF;",
                ])
    }

    private func copy(into temporary: Identifier) -> String {
        var columns = sources.map(\.column.quoted) + restored.map(\.column.quoted)
        var values = sources.map(value) + restored.map(value)
        var order = ""
        if let rowID = from.freeRowIDName {
            order = " ORDER BY \(rowID)"
            let isCopied = to.rowIDAlias.map { alias in
                sources.contains { $0.column == alias.name }
                    || restored.contains { $0.column == alias.name }
            }
            if isCopied != true, let newRowID = to.freeRowIDName {
                columns.insert(newRowID, at: 0)
                values.insert(rowID, at: 0)
            }
        }
        if columns.isEmpty {
            // Nothing is taken over but how many rows there are.
            let column = to.freeRowIDName.map { Identifier($0) } ?? to.columns.first?.name
            columns = [column?.quoted ?? "rowid"]
            values = ["NULL"]
        }
        return "\(to.insertion) INTO \(temporary.quoted) (\(columns.joined(separator: ", ")))"
            + " SELECT \(values.joined(separator: ", ")) FROM \(from.name.quoted)\(order);"
    }

    private func value(of source: Source) -> String {
        // R6
        guard to.rowIDAlias?.name == source.column, from.rowIDAlias?.name != source.source,
            from.column(named: source.source)?.notNull == nil
        else { return source.source.quoted }
        // No text is a rowid: SQLite fails with "datatype mismatch", whatever ON CONFLICT says.
        return "coalesce(\(source.source.quoted), 'NULL is no key')"
    }

    private func value(of column: RestoredColumn) -> String {
        // R6
        to.rowIDAlias?.name == column.column
            ? "coalesce(\(column.value), 'NULL is no key')" : column.value
    }
}

extension ParkedData {
    private var literal: String { Token.quote(storage.text, by: "'") }

    fileprivate var removal: [String] {
        [
            "DROP TABLE \(storage.quoted);",
            "DELETE FROM _cinch_parked WHERE storage = \(literal);",
        ]
    }

    /// Afterwards no row is found by its rowid here; those with a key still are by that.
    fileprivate var outdating: [String] {
        guard let place = placeOfRowID else { return [] }
        return isKeyedByRowID
            ? ["UPDATE _cinch_parked SET shape = '' WHERE storage = \(literal);"]
            : [
                "UPDATE \(storage.quoted) SET k\(place) = 'gone' WHERE k\(place) IS NOT NULL;"
            ]
    }
}

extension Table {
    /// A name of the rowid that no column hides; absent when columns hide all three, or when the
    /// table has none.
    var freeRowIDName: String? {
        guard !isWithoutRowID else { return nil }
        return ["rowid", "_rowid_", "oid"].first { column(named: Identifier($0)) == nil }
    }

    /// The table with its own name in expressions replaced.
    fileprivate func callingItself(_ new: Identifier, insteadOf old: Identifier) -> Table {
        var renaming = Renaming()
        renaming.tables[old.key] = new
        var copy = self
        copy.name = old
        let renamed = renaming.apply(to: copy)
        copy = renamed
        // Its foreign keys to itself already mean the name it will have.
        for place in copy.columns.indices {
            copy.columns[place].references = columns[place].references
        }
        for place in copy.constraints.indices {
            if case .foreignKey = copy.constraints[place].rule {
                copy.constraints[place] = constraints[place]
            }
        }
        return copy
    }
}
