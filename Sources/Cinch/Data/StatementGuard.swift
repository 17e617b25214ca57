internal import GRDBSQLite
internal import Synchronization

/// Decides, as SQLite's authorizer, what a statement from outside may do.
///
/// SQLite asks while it compiles a statement, and again for the statements that virtual tables
/// compile for themselves while ours runs. A connection has one guard for its whole life, since
/// exchanging the authorizer makes SQLite compile every statement anew.
///
///     TRUSTED ──compile──▶ COMPILING ──▶ TRUSTED ──run──▶ RUNNING ──▶ TRUSTED
///
/// - G1  In TRUSTED everything is allowed: those are our own statements.
/// - G2  Names beginning with `_cinch_` can be neither read nor written, by no path.
/// - G3  In COMPILING nothing but rows of tables can change. What full-text and R-tree tables do
///       with their shadow tables is exactly that.
/// - G4  In RUNNING a savepoint is allowed too: the caller's text was compiled under G3, so only
///       virtual tables can ask for one. Pragmas are not, by which `pragma_…` functions fail.
/// - G5  An UPDATE of the schema table passes here, because SQLite asks for one whenever it
///       connects a virtual table. A real one SQLite refuses itself: `writable_schema` is off, and a
///       query can't turn it on.
/// - G6  A masked column reads as NULL wherever it stands, in conditions and below views too.
final class StatementGuard: Sendable {
    /// Whose statement SQLite is asked about.
    enum Phase: Sendable {
        /// Our own, or nobody's.
        case trusted
        /// The caller's, being compiled.
        case compiling
        /// The caller's, being run.
        case running
    }

    private struct State {
        var phase = Phase.trusted
        var masks: Set<String> = []
        var refusal: Refusal?
    }

    private let state = Mutex(State())

    /// Makes this guard the authorizer of a connection. The caller keeps it alive for as long.
    func install(on connection: OpaquePointer?) {
        sqlite3_set_authorizer(
            connection,
            { context, action, first, second, _, trigger in
                guard let context else { return SQLITE_DENY }
                let guardian = Unmanaged<StatementGuard>.fromOpaque(context)
                    .takeUnretainedValue()
                return guardian.decide(
                    action, first.map { String(cString: $0) }, second.map { String(cString: $0) },
                    isInTrigger: trigger != nil)
            },
            Unmanaged.passUnretained(self).toOpaque())
    }

    /// Runs `body` with statements judged as in `phase`, then as before.
    ///
    /// - Parameter masks: Columns that read as NULL, as ``ColumnMask`` writes them.
    func during<Result>(
        _ phase: Phase, masks: Set<String> = [], _ body: () throws -> Result
    ) rethrows -> Result {
        let previous = state.withLock { state in
            defer { state = State(phase: phase, masks: masks) }
            return (state.phase, state.masks)
        }
        defer { state.withLock { ($0.phase, $0.masks) = previous } }
        return try body()
    }

    /// What was refused since the last ``during(_:_:)`` began; `nil` if nothing was.
    var refusal: Refusal? {
        state.withLock { $0.refusal }
    }

    private func decide(
        _ action: Int32, _ first: String?, _ second: String?, isInTrigger: Bool
    ) -> Int32 {
        state.withLock { state in
            guard state.phase != .trusted else { return SQLITE_OK }
            if action == SQLITE_READ, !state.masks.isEmpty,
                state.masks.contains(ColumnMask.key(first ?? "", second ?? ""))
            {
                return SQLITE_IGNORE
            }
            let refusal = Self.refusal(
                of: action, first ?? "", second, isInTrigger: isInTrigger, phase: state.phase)
            guard let refusal else { return SQLITE_OK }
            state.refusal = state.refusal ?? refusal
            return SQLITE_DENY
        }
    }

    private static func refusal(
        of action: Int32, _ first: String, _ second: String?, isInTrigger: Bool, phase: Phase
    ) -> Refusal? {
        let name = SQLText.folded(first)
        switch action {
        case SQLITE_SELECT, SQLITE_RECURSIVE:
            return nil
        case SQLITE_READ:
            if EntityName.isInternal(first) { return .internalTable(first) }
            // Pages and other callers' statements, as tables.
            return ["sqlite_dbpage", "sqlite_stmt"].contains(name) ? .systemTable(first) : nil
        case SQLITE_INSERT, SQLITE_UPDATE, SQLITE_DELETE:
            if EntityName.isInternal(first) { return .internalTable(first) }
            guard name.hasPrefix("sqlite_") else { return nil }
            let isSchema = name.hasSuffix("_master") || name.hasSuffix("_schema")
            // G5
            if isSchema { return action == SQLITE_UPDATE ? nil : .systemTable(first) }
            return isInTrigger ? nil : .systemTable(first)
        case SQLITE_FUNCTION:
            let function = SQLText.folded(second ?? "")
            return forbiddenFunctions.contains(function) ? .function(function) : nil
        case SQLITE_PRAGMA:
            if ["page_size", "data_version"].contains(name), second == nil { return nil }
            return .statement(["PRAGMA"])
        case SQLITE_SAVEPOINT:
            return phase == .running ? nil : .statement(["SAVEPOINT"])
        case SQLITE_TRANSACTION:
            return .statement([first])
        case SQLITE_ATTACH:
            return .statement(["ATTACH"])
        case SQLITE_DETACH:
            return .statement(["DETACH"])
        default:
            return .statement(["CREATE"])
        }
    }

    private static let forbiddenFunctions: Set<String> = [
        "load_extension", "fts3_tokenizer", "readfile", "writefile", "edit",
    ]
}
