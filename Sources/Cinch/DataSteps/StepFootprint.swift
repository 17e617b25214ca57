import CinchSchema
import CinchSQLite

/// What statements touch, as SQLite tells its authorizer while it compiles them.
struct StepFootprint: Hashable {
    /// Keys of the tables that are read or written, the views that are read, and the triggers
    /// that fire.
    private(set) var names: Set<String> = []
    /// What the statements themselves write, in lower case: columns, or rows of a table.
    private(set) var written: Set<RowSubject> = []
    /// What is no business of a data step, in a word: `CREATE TABLE`.
    private(set) var refused: String?

    mutating func record(_ action: AuthorizerAction) {
        let isOwn = action.accessor == nil
        if let accessor = action.accessor { names.insert(Identifier(accessor).key) }
        guard let first = action.first else { return }
        let key = Identifier(first).key
        switch action.code {
        case .read: names.insert(key)
        case .insert, .delete, .update:
            // These change with every DDL statement.
            guard key != "sqlite_master", key != "sqlite_temp_master" else { return }
            names.insert(key)
            let column = action.code == .update ? action.second : nil
            let subject = RowSubject(
                table: Identifier(first), column: column.map { Identifier($0) })
            if isOwn { written.insert(subject.folded) }
        case .transaction: refused = first
        case .savepoint: refused = "SAVEPOINT"
        case .pragma: refused = "PRAGMA"
        case .attach: refused = "ATTACH"
        case .select, .function, .recursive: break
        default: refused = refused ?? "DDL"
        }
    }
}
