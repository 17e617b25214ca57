#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Reads files whole and replaces them whole: who looks sees the old text or the new one.
enum TextReplacement {
    /// The bytes of a file.
    static func read(_ path: String) throws -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("read", path) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = SystemCall.read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure("read", path) }
            if count == 0 { return bytes }
            bytes += buffer[..<count]
        }
    }

    /// Puts a text in the place of a file, which keeps its mode.
    static func replace(_ path: String, with text: [UInt8]) throws {
        let (descriptor, temporary) = try temporaryFile(beside: path)
        do {
            defer { close(descriptor) }
            var status = stat()
            if stat(path, &status) == 0 { fchmod(descriptor, status.st_mode & 0o7777) }
            try write(text, to: descriptor, path)
        } catch {
            unlink(temporary)
            throw error
        }
        guard rename(temporary, path) == 0 else {
            let error = failure("written", path)
            unlink(temporary)
            throw error
        }
    }

    /// Makes an empty file beside another one.
    static func temporaryFile(beside path: String) throws -> (descriptor: Int32, path: String) {
        var template = Array("\(path).cinch.XXXXXX".utf8CString)
        let descriptor = mkstemp(&template)
        guard descriptor >= 0 else { throw failure("written", path) }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        let name = template.dropLast().map { UInt8(bitPattern: $0) }
        return (descriptor, String(decoding: name, as: UTF8.self))
    }

    /// Writes everything.
    static func write(_ text: [UInt8], to descriptor: Int32, _ path: String) throws {
        var done = 0
        while done < text.count {
            let count = text[done...].withUnsafeBytes {
                SystemCall.write(descriptor, $0.baseAddress, $0.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw failure("written", path) }
            done += count
        }
    }

    private static func failure(_ verb: String, _ path: String) -> CinchError {
        CinchError(
            code: .failed,
            message: "'\(path)' can't be \(verb): \(String(cString: strerror(errno)))",
            hint: "Check the path and its folder's permissions; nothing was changed.")
    }
}

/// The calls whose names are taken above.
private enum SystemCall {
    static func read(_ descriptor: Int32, _ buffer: UnsafeMutableRawPointer?, _ count: Int) -> Int {
        #if canImport(Glibc)
            Glibc.read(descriptor, buffer, count)
        #elseif canImport(Musl)
            Musl.read(descriptor, buffer, count)
        #else
            Darwin.read(descriptor, buffer, count)
        #endif
    }

    static func write(_ descriptor: Int32, _ buffer: UnsafeRawPointer?, _ count: Int) -> Int {
        #if canImport(Glibc)
            Glibc.write(descriptor, buffer, count)
        #elseif canImport(Musl)
            Musl.write(descriptor, buffer, count)
        #else
            Darwin.write(descriptor, buffer, count)
        #endif
    }
}
