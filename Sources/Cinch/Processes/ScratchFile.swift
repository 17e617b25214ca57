#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A file without a name, for what another program reads or writes: unlike a pipe it never blocks
/// either side, and is gone with the last who has it open.
struct ScratchFile: ~Copyable {
    let descriptor: Int32

    /// Makes an empty file in the folder for temporary ones.
    init(in folder: String?) throws {
        var template = Array("\(folder ?? "/tmp")/cinch.XXXXXX".utf8CString)
        descriptor = mkstemp(&template)
        guard descriptor >= 0 else {
            throw CinchError(
                code: .failed,
                message: "No temporary file can be made in '\(folder ?? "/tmp")':"
                    + " \(String(cString: strerror(errno)))",
                hint: "Make room there, or name another folder with TMPDIR.")
        }
        unlink(template)
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    }

    /// Writes a text, and goes back to its beginning for whoever reads it.
    func fill(_ bytes: [UInt8]) throws {
        try TextReplacement.write(bytes, to: descriptor, "a temporary file")
        lseek(descriptor, 0, SEEK_SET)
    }

    /// Everything that is in it.
    func contents() throws -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = pread(descriptor, &buffer, buffer.count, off_t(bytes.count))
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return bytes }
            bytes += buffer[..<count]
        }
    }

    deinit { close(descriptor) }
}
