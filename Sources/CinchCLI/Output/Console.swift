import Cinch

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// stdout is the answer, stderr is talk.
enum Console {
    /// Writes a line of the answer.
    static func print(_ text: String) { write(text + "\n", to: STDOUT_FILENO) }

    /// Writes part of the answer as it is.
    static func printRaw(_ text: String) { write(text, to: STDOUT_FILENO) }

    /// Writes the answer as one JSON object with the version of its form.
    static func print(json members: [JSONValue.Member]) {
        print(
            JSONValue.object([.init("version", 1)] + members).text(
                pretty: isTerminal(STDOUT_FILENO)))
    }

    /// Writes a line of talk.
    static func note(_ text: String) { write(text + "\n", to: STDERR_FILENO) }

    /// Writes talk as it is, without a newline.
    static func noteRaw(_ text: String) { write(text, to: STDERR_FILENO) }

    /// Ends the process with an error line and a hint line.
    static func fail(_ error: CinchError) -> Never {
        var text = "error: \(oneLine(error.message))\n"
        if let hint = error.hint { text += "hint: \(oneLine(hint))\n" }
        write(text, to: STDERR_FILENO)
        exit(error.exitStatus)
    }

    /// Ends the process once a pager has been read; nothing is buffered.
    static func exit(_ status: Int32) -> Never {
        Pager.finish()
        #if canImport(Glibc)
            Glibc.exit(status)
        #elseif canImport(Musl)
            Musl.exit(status)
        #else
            Darwin.exit(status)
        #endif
    }

    /// Whether a descriptor leads to a terminal.
    static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

    private static func oneLine(_ text: String) -> String {
        text.split(whereSeparator: \.isNewline).joined(separator: " ")
    }

    private static func write(_ text: String, to descriptor: Int32) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                // The reader has gone: `cinch log | head` ends quietly.
                exit(descriptor == STDOUT_FILENO && errno == EPIPE ? 0 : 1)
            }
            bytes = bytes.dropFirst(count)
        }
    }
}
