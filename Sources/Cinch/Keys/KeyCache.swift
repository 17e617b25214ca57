package import CinchMaterializer
import Synchronization

/// The keys that were shown lately, as long as nobody has changed the catalog.
///
/// - K1  A key that was found is kept only if, since before it was looked for, neither another
///       process has changed the catalog nor this one has cleared the cache: what is revoked while
///       it is being looked for must not be kept.
package final class KeyCache: Sendable {
    private struct State {
        var version: Int64 = -1
        /// How often it was emptied.
        var generation = 0
        var keys: [[UInt8]: KeyRecord] = [:]

        mutating func clear(version: Int64) {
            self = State(version: version, generation: generation + 1)
        }
    }

    private let state = Mutex(State())

    /// A cache with nothing in it.
    package init() {}

    /// The key with a digest.
    ///
    /// - Parameters:
    ///   - version: The catalog's, read before.
    ///   - find: Looks it up.
    package func key(
        _ digest: [UInt8], version: Int64, find: () throws -> KeyRecord?
    ) throws -> KeyRecord? {
        let (kept, generation) = state.withLock { state -> (KeyRecord?, Int) in
            if state.version != version || state.keys.count > 10_000 {
                state.clear(version: version)
            }
            return (state.keys[digest], state.generation)
        }
        if let kept { return kept }
        guard let found = try find() else { return nil }
        state.withLock { state in
            if state.generation == generation { state.keys[digest] = found }  // K1
        }
        return found
    }

    /// Forgets all: this process has changed the catalog, which its version doesn't tell.
    package func clear() { state.withLock { $0.clear(version: -1) } }
}
