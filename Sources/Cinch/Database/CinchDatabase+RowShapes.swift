import CinchGit
import CinchRepository
import CinchSQLite
import CinchSchema

/// What rows of a table or view look like, for code that is written from a schema.
package struct RowShape: Hashable, Sendable {
    /// One column.
    package struct Column: Hashable, Sendable {
        /// Its name.
        package var name: String
        /// The type it was declared with; empty for none.
        package var declaredType: String
        /// Whether a row can have NULL there.
        package var isNullable: Bool
        /// Whether an insert may leave it out: it has a default, allows NULL or names the rowid.
        package var isOptional: Bool
        /// Whether SQLite computes it, so that no insert can have it.
        package var isGenerated: Bool
    }

    /// The table's or view's name.
    package var name: String
    /// Whether it is a view, whose rows are only read.
    package var isView: Bool
    /// Its columns in order.
    package var columns: [Column]
}

extension CinchDatabase {
    /// What rows look like at a revision: tables in name order, then views.
    ///
    /// - Returns: Beside the shapes the id of the tree, and the views SQLite can't read there.
    package func rowShapes(at revision: String) throws -> (
        tree: String, shapes: [RowShape], unreadable: [String]
    ) {
        let now = context.now()
        let tree = try git.resolveTree(
            revision, now: now.seconds, offsetMinutes: now.offsetMinutes)
        let schema = try history.schema(ofTree: tree)
        var shapes = schema.tables.map(RowShape.init)
        var unreadable: [String] = []
        let scratch = try Scratch()
        // A view may read one that comes later; SQLite looks only when it is read.
        try scratch.run(
            schema.tables.map { $0.ddl(ids: false) }
                + schema.virtualTables.map { $0.ddl(ids: false) }
                + schema.views.map(\.ddl))
        for view in schema.views {
            guard
                let statement = try? scratch.connection.prepare(
                    "SELECT * FROM main.\(view.name.quoted)")
            else {
                unreadable.append(view.name.text)
                continue
            }
            let columns = statement.columnNames.enumerated().map { index, name in
                RowShape.Column(
                    name: name, declaredType: statement.declaredType(index) ?? "",
                    isNullable: true, isOptional: false, isGenerated: false)
            }
            shapes.append(RowShape(name: view.name.text, isView: true, columns: columns))
        }
        return (tree.hex, shapes, unreadable)
    }
}

extension RowShape {
    fileprivate init(_ table: Table) {
        let keyed = table.constraints.flatMap { constraint -> [Identifier] in
            guard case .primaryKey(let columns, _, _) = constraint.rule else { return [] }
            return columns.compactMap { term in
                guard case .column(let name) = term.term else { return nil }
                return table.column(named: name)?.name
            }
        }
        let alias = table.rowIDAlias?.name
        self.init(
            name: table.name.text, isView: false,
            columns: table.columns.map { column in
                let isAlias = column.name == alias
                let isKey = column.primaryKey != nil || keyed.contains(column.name)
                // Only tables without rowid and strict ones keep NULL out of their keys.
                let isNotNull =
                    column.notNull != nil || isAlias
                    || isKey && (table.isWithoutRowID || table.isStrict)
                return Column(
                    name: column.name.text, declaredType: column.declaredType,
                    isNullable: !isNotNull,
                    isOptional: column.defaultValue != nil || !isNotNull || isAlias,
                    isGenerated: column.generated != nil)
            })
    }
}
