package import CinchSQLite

/// The commit and tree a tenant file is at, kept inside that file.
///
/// Table `_cinch_stamp`, one row, written in the transaction that changes the schema. The user's
/// `user_version` and `application_id` are never touched.
package struct TenantStamp: Hashable, Sendable {
    /// The commit's object id.
    package var commit: String
    /// The schema tree's object id.
    package var tree: String

    /// Builds a stamp from its parts.
    package init(commit: String, tree: String) {
        self.commit = commit
        self.tree = tree
    }

    /// The table it is in.
    static let table = "_cinch_stamp"

    private static let columns = """
        (
          id INTEGER PRIMARY KEY CHECK (id = 1),
          commit_id TEXT NOT NULL,
          tree_id TEXT NOT NULL
        )
        """

    /// The statement that makes the table, in the database's main schema.
    static let creation = "CREATE TABLE IF NOT EXISTS main.\(table)\(columns)"

    /// That statement as SQLite keeps it in `sqlite_schema`.
    static let storedSQL = "CREATE TABLE \(table)\(columns)"
}

extension Connection {
    /// The stamp of this file; nil when it never had one, or was moved away from its tenant.
    ///
    /// Who opens a tenant's file must look at it: a file that lost its stamp is no tenant any
    /// more, even if the path still led to it.
    package func tenantStamp() throws(SQLiteError) -> TenantStamp? {
        let table = try scalar(
            "SELECT 1 FROM main.sqlite_schema WHERE type = 'table' AND name = '_cinch_stamp'")
        guard table != nil else { return nil }
        let rows = try rows("SELECT commit_id, tree_id FROM main._cinch_stamp WHERE id = 1")
        guard let row = rows.first, let commit = row[0].text, let tree = row[1].text else {
            return nil
        }
        return TenantStamp(commit: commit, tree: tree)
    }

    /// Writes the stamp, in the open transaction if there is one.
    package func writeTenantStamp(_ stamp: TenantStamp) throws(SQLiteError) {
        try execute(TenantStamp.creation)
        try execute(
            "INSERT OR REPLACE INTO main._cinch_stamp(id, commit_id, tree_id) VALUES (1, ?, ?)",
            [.text(stamp.commit), .text(stamp.tree)])
    }
}
