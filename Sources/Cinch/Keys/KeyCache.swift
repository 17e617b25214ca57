import CinchMaterializer
import Synchronization

/// The keys that were shown lately, as long as nobody has changed the catalog.
final class KeyCache: Sendable {
    private struct State {
        var version: Int64 = -1
        var keys: [[UInt8]: KeyRecord] = [:]
    }

    private let state = Mutex(State())

    /// The key with a digest.
    ///
    /// - Parameter version: The catalog's, read before.
    func key(_ digest: [UInt8], version: Int64, find: () throws -> KeyRecord?) throws -> KeyRecord?
    {
        let kept = state.withLock { state -> KeyRecord? in
            if state.version != version || state.keys.count > 10_000 {
                state = State(version: version)
            }
            return state.keys[digest]
        }
        if let kept { return kept }
        guard let found = try find() else { return nil }
        state.withLock { if $0.version == version { $0.keys[digest] = found } }
        return found
    }

    /// Forgets all: this process has changed the catalog, which its version doesn't tell.
    func clear() { state.withLock { $0 = State() } }
}
