import CinchSchema
import CinchSQLite

/// What statements touch, as SQLite tells its authorizer while it compiles them.
struct StepFootprint: Hashable {
    /// Keys of the tables that are read or written, the views that are read, and the triggers
    /// that fire.
    private(set) var names: Set<String> = []
    /// What the statements themselves write: a table, or `table.column`.
    private(set) var written: Set<String> = []
    /// What is no business of a data step, in a word: `CREATE TABLE`.
    private(set) var refused: String?

    mutating func record(_ action: AuthorizerAction) {
        let isOwn = action.accessor == nil
        if let accessor = action.accessor { names.insert(Identifier(accessor).key) }
        guard let first = action.first else { return }
        let key = Identifier(first).key
        switch action.code {
        case .read: names.insert(key)
        case .insert, .delete:
            // SQLite's own tables change with every DDL statement.
            guard !key.hasPrefix("sqlite_") else { return }
            names.insert(key)
            if isOwn { written.insert(key) }
        case .update:
            guard !key.hasPrefix("sqlite_") else { return }
            names.insert(key)
            let column = Identifier(action.second ?? "").key
            if isOwn { written.insert("\(key).\(column)") }
        case .transaction: refused = first
        case .savepoint: refused = "SAVEPOINT"
        case .pragma: refused = "PRAGMA"
        case .attach: refused = "ATTACH"
        case .select, .function, .recursive: break
        default: refused = refused ?? "DDL"
        }
    }
}
