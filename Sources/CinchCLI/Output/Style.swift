import Cinch

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Colour where git has colour, and when git would: on a terminal, unless NO_COLOR is set or TERM
/// is `dumb`; `--color=always` and `--color=never` decide whatever there is.
enum Style {
    /// Whether stdout gets colour.
    static let isOn: Bool = {
        switch Invocation.color {
        case "always": return true
        case "never": return false
        default:
            let isPlain = getenv("NO_COLOR").map { $0.pointee != 0 } ?? false
            let isDumb = getenv("TERM").map { String(cString: $0) == "dumb" } ?? false
            return (Console.isTerminal(STDOUT_FILENO) || Pager.isRunning) && !isPlain && !isDumb
        }
    }()

    static func bold(_ text: String) -> String { wrap(text, "1") }
    static func red(_ text: String) -> String { wrap(text, "31") }
    static func green(_ text: String) -> String { wrap(text, "32") }
    static func yellow(_ text: String) -> String { wrap(text, "33") }
    static func cyan(_ text: String) -> String { wrap(text, "36") }
    static func dim(_ text: String) -> String { wrap(text, "2") }

    /// A line of a difference: green what comes, red what goes, bold what is said about it.
    static func change(_ line: String) -> String {
        switch line.prefix(2) {
        case "+ ": green(line)
        case "- ": red(line)
        default: bold(line)
        }
    }

    private static func wrap(_ text: String, _ code: String) -> String {
        isOn && !text.isEmpty ? "\u{1B}[\(code)m\(text)\u{1B}[m" : text
    }
}
