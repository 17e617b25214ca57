import ArgumentParser
import Cinch

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Runs `cinch-serve`, a program of its own, so that nobody pays for the server who doesn't run it.
struct ServeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Answer the API over HTTP; runs 'cinch-serve'.")

    @Argument(parsing: .captureForPassthrough, help: "See 'cinch serve --help'.")
    var arguments: [String] = []

    func run() throws {
        var words = [Self.program]
        if let directory = Invocation.directory { words += ["-C", directory] }
        let copies = (words + arguments).map { strdup($0) } + [nil]
        execvp(Self.program, copies)
        throw CinchError(
            code: .notFound, message: "The program 'cinch-serve' is not installed",
            hint: "Build it with 'make server' and put it beside 'cinch' or in your PATH.")
    }

    /// Beside this program if it is there, else wherever PATH leads to.
    private static var program: String {
        guard let own = realpath("/proc/self/exe", nil) else { return "cinch-serve" }
        defer { free(own) }
        let folder = String(cString: own).split(separator: "/").dropLast().joined(separator: "/")
        let beside = "/\(folder)/cinch-serve"
        return access(beside, X_OK) == 0 ? beside : "cinch-serve"
    }
}
