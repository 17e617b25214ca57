import CSQLite

extension Connection {
    /// Whether the file could only be opened for reading, whatever was asked for.
    package var isReadOnly: Bool { sqlite3_db_readonly(handle, "main") == 1 }

    /// Whether the file's name leads to another file by now, or to none
    /// (`SQLITE_FCNTL_HAS_MOVED`): what is written then goes to a file nobody will find.
    package var hasMoved: Bool {
        var moved: Int32 = 0
        let code = sqlite3_file_control(handle, "main", SQLITE_FCNTL_HAS_MOVED, &moved)
        return code == SQLITE_OK && moved != 0
    }
}
