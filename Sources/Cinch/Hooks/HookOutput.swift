#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// What is said about hooks while they run. Hooks write to standard error themselves, in whatever
/// program the SDK is part of, and this stands between their lines.
enum HookOutput {
    /// Writes a line; that it can't be read by anybody is no failure.
    static func say(_ line: String) {
        let text = Array((TerminalText.escaped(line) + "\n").utf8)
        try? TextReplacement.write(text, to: STDERR_FILENO, "standard error")
    }
}
