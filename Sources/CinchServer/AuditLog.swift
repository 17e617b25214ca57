import Cinch
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Who asked for what: one JSON object a line. Never keys, SQL or values of rows.
final class AuditLog: Sendable {
    private let descriptor: Int32
    private let lock = Mutex(())

    /// Opens a file to append to; `-` is standard output.
    init(_ path: String) throws {
        guard path != "-" else {
            descriptor = STDOUT_FILENO
            return
        }
        descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw CinchError(
                code: .failed,
                message:
                    "The audit file '\(path)' can't be opened: \(String(cString: strerror(errno)))",
                hint: "Check the path and that it may be written.")
        }
    }

    deinit { if descriptor != STDOUT_FILENO { close(descriptor) } }

    /// Appends a line.
    func write(_ members: [JSONValue.Member]) {
        let line = Array((JSONValue.object(members).text() + "\n").utf8)
        lock.withLock { _ in
            var rest = line[...]
            while !rest.isEmpty {
                let count = rest.withUnsafeBytes {
                    #if canImport(Glibc)
                        Glibc.write(descriptor, $0.baseAddress, $0.count)
                    #else
                        Darwin.write(descriptor, $0.baseAddress, $0.count)
                    #endif
                }
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return }
                rest = rest.dropFirst(count)
            }
        }
    }
}
