import ArgumentParser
import Cinch
import CinchSQLite
import CinchServer

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// `cinch serve`, which runs this as git runs `git-serve`.
@main
struct Main: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cinch serve", abstract: "Answer the API over HTTP.",
        discussion: """
            Each option can also be set as CINCH_… in the environment and under [server] in
            .cinch/config.toml, in that order; see docs/server.md.
            """)

    @Option(name: .customShort("C"), help: "Work in another folder.") var directory: String?
    @Option(help: "The address to listen at; 127.0.0.1 if absent.") var host: String?
    @Option(help: "The port; 8080 if absent, 0 for any.") var port: String?
    @Option(help: "Requests answered at the same time.") var threads: String?
    @Option(help: "Tenants kept open.") var openTenants: String?
    @Option(help: "Requests a key may make in an hour; 0 for any number.") var rateLimit: String?
    @Option(help: "Bytes of a request's body.") var maxBody: String?
    @Option(help: "Rows of an answer.") var maxRows: String?
    @Option(help: "Seconds a statement may run.") var deadline: String?
    @Option(help: "Seconds for a body to arrive.") var timeout: String?
    @Option(help: "Origins whose pages may ask, with commas; none if absent.")
    var corsOrigins: String?
    @Option(help: "The certificate chain, a PEM file.") var tlsCertificate: String?
    @Option(help: "The certificate's key, a PEM file.") var tlsKey: String?
    @Option(help: "A file with the secret of HS256 tokens.") var jwtSecret: String?
    @Option(help: "A file with the public key of ES256 or RS256 tokens.") var jwtPublicKey: String?
    @Option(help: "The claim that names a token's tenant.") var jwtTenantClaim: String?
    @Option(help: "The file for audit lines, '-' for standard output.") var audit: String?
    @Option(help: "Seconds between 503 at /readyz and refusing connections.")
    var drainDelay: String?
    @Option(help: "Seconds for requests in hand to end.") var drain: String?

    private var flags: [String: String] {
        let given: [(String, String?)] = [
            ("host", host), ("port", port), ("threads", threads), ("open_tenants", openTenants),
            ("rate_limit", rateLimit), ("max_body", maxBody), ("max_rows", maxRows),
            ("deadline", deadline), ("timeout", timeout), ("cors_origins", corsOrigins),
            ("tls_certificate", tlsCertificate), ("tls_key", tlsKey), ("jwt_secret", jwtSecret),
            ("jwt_public_key", jwtPublicKey), ("jwt_tenant_claim", jwtTenantClaim),
            ("audit", audit), ("drain_delay", drainDelay), ("drain", drain),
        ]
        return given.reduce(into: [:]) { $0[$1.0] = $1.1 }
    }

    func run() async throws {
        do {
            // Its count of memory is a lock all threads would share.
            MemoryStatistics.turnOff()
            let project = try Project.find(in: .current(), explicit: directory)
            let settings = try ServerSettings(
                flags: flags, environment: Self.environment,
                configuration: project.configuration())
            _ = try project.database()
            try await Server.run(project, settings) { address in
                Self.say("Serving '\(project.layout.root)' at \(address)\n", on: STDOUT_FILENO)
            }
        } catch {
            let failure = CinchError(translating: error)
            var text = "error: \(failure.message)\n"
            if let hint = failure.hint { text += "hint: \(hint)\n" }
            Self.say(text, on: STDERR_FILENO)
            throw ExitCode(failure.code == .usage ? 64 : failure.code == .notFound ? 5 : 1)
        }
    }

    /// Writes at once: who starts a server waits for its address.
    private static func say(_ text: String, on descriptor: Int32) {
        let bytes = Array(text.utf8)
        _ = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
    }

    /// Every variable: which ones count is the settings' business.
    private static var environment: [String: String] {
        var found: [String: String] = [:]
        for name in ServerSettings.names {
            let variable = "CINCH_" + name.uppercased()
            if let value = getenv(variable) { found[variable] = String(cString: value) }
        }
        return found
    }
}
