internal import Synchronization

/// The shapes of tables a connection was asked for, as long as its schema is the same.
final class TableShapes: Sendable {
    private struct State {
        var version: SQLValue = .null
        var shapes: [String: TableShape] = [:]
    }

    private let state = Mutex(State())

    /// The shape of a table as the open database has it now.
    ///
    /// SQLite counts changes of the schema in the file itself (pragma_schema_version), so those of
    /// other processes are seen too.
    ///
    /// - Throws: See ``TableShape/init(named:in:)``.
    func shape(of table: String, in session: TenantSession) throws -> TableShape {
        let version = try session.trusted("PRAGMA schema_version").first?.first ?? .null
        let kept = state.withLock { state -> TableShape? in
            if state.version != version || state.shapes.count > 1000 {
                state = State(version: version)
            }
            return state.shapes[table]
        }
        if let kept { return kept }
        let shape = try TableShape(named: table, in: session)
        state.withLock { state in
            if state.version == version { state.shapes[table] = shape }
        }
        return shape
    }
}
