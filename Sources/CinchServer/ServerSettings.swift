package import Cinch

/// What a server is told: by flags, else by `CINCH_…` in the environment, else by `[server]` in
/// `.cinch/config.toml`, else as it stands here.
package struct ServerSettings: Hashable, Sendable {
    /// The address it listens at.
    package var host = "127.0.0.1"
    /// The port; 0 for any that is free.
    package var port = 8080
    /// Requests answered at the same time: each has a thread while SQLite works.
    package var threads = 8
    /// Tenants kept open, in each database.
    package var openTenants = 512
    /// Requests a key may make in an hour; 0 for any number.
    package var rateLimit = 1000
    /// Bytes of a request's body.
    package var maxBody = 4 << 20
    /// Rows of an answer.
    package var maxRows = 10_000
    /// Seconds a statement may run.
    package var deadline = 5.0
    /// Seconds for a request's body to arrive.
    package var timeout = 30.0
    /// Origins whose pages may ask (CORS), or `*`; none unless named.
    package var corsOrigins: [String] = []
    /// PEM files of the certificate chain and its key; plain HTTP without.
    package var tlsCertificate: String?
    package var tlsKey: String?
    /// A file with the secret of HS256 tokens; with a public key, of ES256, EdDSA or RS256 ones.
    package var jwtSecret: String?
    package var jwtPublicKey: String?
    /// The claim that names a token's tenant.
    package var jwtTenantClaim = "tenant"
    /// The file audit lines are appended to, `-` for standard output; none unless named.
    package var audit: String?
    /// Seconds between saying 503 at `/readyz` and taking no more connections.
    package var drainDelay = 0.0
    /// Seconds for requests in hand to end when the server stops.
    package var drain = 30.0

    /// The settings as they stand here.
    package init() {}

    /// The settings from the places they can be made in.
    ///
    /// - Parameter flags: By the names of ``names``; what isn't there wasn't given.
    /// - Throws: `CinchError` with `.usage` for a value that can't be.
    package init(
        flags: [String: String], environment: [String: String], configuration: ProjectConfiguration
    ) throws {
        for name in Self.names {
            let variable = "CINCH_" + name.uppercased()
            if let text = flags[name] {
                try set(name, text, from: "--" + name.replacing("_", with: "-"))
            } else if let text = environment[variable], !text.isEmpty {
                try set(name, text, from: variable)
            } else if let text = configuration.serverSetting(name) {
                try set(name, text, from: "[server] \(name)")
            }
        }
        guard (tlsCertificate == nil) == (tlsKey == nil) else {
            throw CinchError(
                code: .usage, message: "TLS needs both a certificate and its key",
                hint: "Give --tls-certificate and --tls-key.")
        }
    }

    /// The names of all settings, as they stand in `[server]`.
    package static let names = [
        "host", "port", "threads", "open_tenants", "rate_limit", "max_body", "max_rows", "deadline",
        "timeout", "cors_origins", "tls_certificate", "tls_key", "jwt_secret", "jwt_public_key",
        "jwt_tenant_claim", "audit", "drain_delay", "drain",
    ]

    private mutating func set(_ name: String, _ text: String, from source: String) throws {
        switch name {
        case "host": host = text
        case "port": port = try Self.number(text, 0...65_535, source)
        case "threads": threads = try Self.number(text, 1...1024, source)
        case "open_tenants": openTenants = try Self.number(text, 1...100_000, source)
        case "rate_limit": rateLimit = try Self.number(text, 0...1_000_000_000, source)
        case "max_body": maxBody = try Self.number(text, 1024...(1 << 30), source)
        case "max_rows": maxRows = try Self.number(text, 1...1_000_000, source)
        case "deadline": deadline = try Self.seconds(text, source)
        case "timeout": timeout = try Self.seconds(text, source)
        case "cors_origins":
            corsOrigins = text.split(separator: ",").map { $0.filter { $0 != " " } }
        case "tls_certificate": tlsCertificate = text
        case "tls_key": tlsKey = text
        case "jwt_secret": jwtSecret = text
        case "jwt_public_key": jwtPublicKey = text
        case "jwt_tenant_claim": jwtTenantClaim = text
        case "audit": audit = text
        case "drain_delay": drainDelay = try Self.seconds(text, source, from: 0)
        case "drain": drain = try Self.seconds(text, source)
        default: preconditionFailure("Every name has its setting")
        }
    }

    private static func number(
        _ text: String, _ range: ClosedRange<Int>, _ source: String
    ) throws -> Int {
        guard let number = Int(text), range.contains(number) else {
            throw invalid(source, "a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    private static func seconds(
        _ text: String, _ source: String, from least: Double = 0.001
    ) throws -> Double {
        guard let number = Double(text), number >= least, number <= 86_400 else {
            throw invalid(source, "a number of seconds, at most a day")
        }
        return number
    }

    private static func invalid(_ source: String, _ expectation: String) -> CinchError {
        CinchError(
            code: .usage, message: "'\(source)' must be \(expectation)",
            hint: "See docs/server.md for what each setting takes.")
    }
}
