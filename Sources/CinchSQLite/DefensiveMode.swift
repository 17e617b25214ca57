import CSQLite

extension Connection {
    /// Makes statements prepared from now on take a double-quoted text for a name only
    /// (`SQLITE_DBCONFIG_DQS_DML`, quirks.html section 8).
    package func refuseDoubleQuotedStrings() throws(SQLiteError) {
        for option in [SQLITE_DBCONFIG_DQS_DML, SQLITE_DBCONFIG_DQS_DDL] {
            var isOn: Int32 = 1
            let code = cinch_db_config(handle, option, 0, &isOn)
            guard code == SQLITE_OK, isOn == 0 else {
                throw SQLiteError(
                    extendedCode: code, message: "double-quoted strings could not be turned off")
            }
        }
    }
}

/// SQLite's guard against SQL that could damage a file (`SQLITE_DBCONFIG_DEFENSIVE`).
package enum DefensiveMode {
    /// Makes `sqlite_schema` and the shadow tables of virtual tables read-only to SQL on a
    /// connection, whoever opened it; the modules themselves go on writing to them.
    ///
    /// - Throws: `SQLiteError` when the connection refuses.
    package static func enable(on connection: OpaquePointer) throws(SQLiteError) {
        var isOn: Int32 = 0
        let code = cinch_db_config(connection, SQLITE_DBCONFIG_DEFENSIVE, 1, &isOn)
        guard code == SQLITE_OK, isOn == 1 else {
            throw SQLiteError(extendedCode: code, message: "defensive mode could not be turned on")
        }
    }
}
