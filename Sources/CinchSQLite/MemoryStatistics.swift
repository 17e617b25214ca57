import CSQLite

/// SQLite's count of the memory it has, for the whole process (`SQLITE_CONFIG_MEMSTATUS`).
package enum MemoryStatistics {
    /// Turns it off: each allocation takes a lock for it that all threads share, a third of the time
    /// of a rollout from several.
    ///
    /// For programs of our own only; an application may want the figures. It must come before
    /// anything else of SQLite.
    ///
    /// - Returns: Whether it is off; false when SQLite was in use already.
    @discardableResult
    package static func turnOff() -> Bool {
        cinch_config(SQLITE_CONFIG_MEMSTATUS, 0) == SQLITE_OK
    }
}
