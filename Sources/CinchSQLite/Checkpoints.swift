import CSQLite

extension Connection {
    /// Leaves what is only in the -wal file there when the connection closes, even if it is the
    /// last to do so (`SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE`).
    package func refuseCheckpointOnClose() throws(SQLiteError) {
        var isOn: Int32 = 0
        let code = cinch_db_config(handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, &isOn)
        guard code == SQLITE_OK, isOn == 1 else {
            throw SQLiteError(
                extendedCode: code, message: "The checkpoint on closing could not be turned off")
        }
    }
}
