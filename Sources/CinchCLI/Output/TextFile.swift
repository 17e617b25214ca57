import Cinch
import CinchSchema

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Reads the SQL files that commands are given.
enum TextFile {
    /// A file's text; `-` is standard input.
    ///
    /// - Throws: `CinchError` when it can't be read or isn't UTF-8.
    static func read(_ path: String) throws -> String {
        let descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw unreadable(path) }
        defer { if descriptor != STDIN_FILENO { close(descriptor) } }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw unreadable(path) }
            if count == 0 { break }
            bytes += chunk[..<count]
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw CinchError(
                code: .invalid, message: "'\(path)' is not UTF-8 text",
                hint: "Save it as UTF-8 and run the command again.")
        }
        return text
    }

    /// Writes a file whole; what was there is gone.
    ///
    /// - Throws: `CinchError` when it can't be written.
    static func write(_ text: String, to path: String) throws {
        let refused = { () -> CinchError in
            CinchError(
                code: .failed,
                message: "'\(path)' can't be written: \(String(cString: strerror(errno)))",
                hint: "Check the path, and that you may write there.")
        }
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw refused() }
        defer { close(descriptor) }
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw refused() }
            bytes = bytes.dropFirst(count)
        }
    }

    private static func unreadable(_ path: String) -> CinchError {
        CinchError(
            code: errno == ENOENT ? .notFound : .failed,
            message: "'\(path)' can't be read: \(String(cString: strerror(errno)))",
            hint: "Check the path.")
    }

    static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// The names in a folder in natural order: `2.sql` before `10.sql`.
    static func names(in folder: String) throws -> [String] {
        guard let directory = opendir(folder) else { throw unreadable(folder) }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { name in
                name.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted(by: NaturalOrder.precedes)
    }

    /// One file, or every `.sql` file of a folder, subfolders included: tables before indexes,
    /// views and triggers where folders are named so.
    static func scripts(_ path: String) throws -> [(source: String, sql: String)] {
        guard isFolder(path) else { return [(path, try read(path))] }
        var scripts: [(source: String, sql: String)] = []
        let order = ["tables": 0, "indexes": 1, "views": 2, "triggers": 3]
        let names = try names(in: path).enumerated()
            .sorted { (order[$0.element] ?? 0, $0.offset) < (order[$1.element] ?? 0, $1.offset) }
        for name in names.map(\.element) {
            let inner = "\(path)/\(name)"
            if isFolder(inner) {
                scripts += try self.scripts(inner)
            } else if name.hasSuffix(".sql") {
                scripts.append((inner, try read(inner)))
            }
        }
        return scripts
    }
}
