#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// `gc.pid`, with which git and we keep out of each other's garbage collections: the number of the
/// process and the name of its machine. gc.c, `lock_repo_for_gc`.
final class CollectionLock {
    // Git takes an older one for left behind.
    private static let age: Int64 = 12 * 3600
    private let path: String
    private var isHeld = false

    /// Takes the lock.
    ///
    /// - Throws: `.locked` while another one is under way.
    init(_ repository: String, now: Int64) throws {
        path = "\(repository)/gc.pid"
        let lock = try LockFile(path)
        let machine = Self.machine()
        if let facts = try FileFacts(of: path), now - facts.modified <= Self.age,
            let bytes = try FileSystem.readFile(path, limit: 4096)
        {
            let words = String(decoding: bytes, as: UTF8.self)
                .split(whereSeparator: \.isWhitespace).map(String.init)
            if let process = words.first.flatMap({ pid_t($0) }), process > 0, words.count > 1,
                words[1] != machine || kill(process, 0) == 0 || errno == EPERM
            {
                throw GitError(
                    .locked,
                    "Garbage is being collected already, by process \(process) on '\(words[1])'",
                    hint: "Wait for it to finish; if it is long dead, remove '\(path)'.")
            }
        }
        try lock.write(Array("\(getpid()) \(machine)".utf8))
        try lock.commit()
        isHeld = true
    }

    // Also run when `init` has thrown: the file is another's then.
    deinit { if isHeld { unlink(path) } }

    private static func machine() -> String {
        var name = [CChar](repeating: 0, count: 256)
        guard gethostname(&name, name.count - 1) == 0 else { return "unknown" }
        let bytes = name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        return String(decoding: bytes, as: UTF8.self)
    }
}
