package import Cinch
import Hummingbird
import HummingbirdCore
import HummingbirdTLS
import Logging
import NIOCore
import NIOPosix
import NIOSSL
import ServiceLifecycle
import UnixSignals

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A project over HTTP.
package enum Server {
    /// Serves a project until SIGTERM or SIGINT, then lets requests in hand end.
    ///
    /// When it returns every tenant is closed, and with the last connection to a file its -wal is
    /// part of it.
    ///
    /// - Parameter onRunning: Called with the address once connections are taken.
    package static func run(
        _ project: Project, _ settings: ServerSettings,
        onRunning: @escaping @Sendable (String) -> Void
    ) async throws {
        raiseDescriptorLimit()
        var allowed = API.Settings.guarded
        allowed.openTenants = settings.openTenants
        allowed.maximumRows = settings.maxRows
        let api = API(project: project, settings: allowed)
        let threads = NIOThreadPool(numberOfThreads: settings.threads)
        threads.start()
        let state = ServerState()
        let responder = Responder(
            api: api, settings: settings, threads: threads,
            limiter: RateLimiter(limit: settings.rateLimit),
            audit: try settings.audit.map { try AuditLog($0) },
            tokens: try await TokenVerifier(settings), state: state)
        var logger = Logger(label: "cinch-serve")
        logger.logLevel = .critical
        let scheme = settings.tlsCertificate == nil ? "http" : "https"
        let application = Application(
            responder: responder, server: try builder(settings),
            configuration: ApplicationConfiguration(
                address: .hostname(settings.host, port: settings.port), serverName: nil,
                backlog: 1024),
            onServerRunning: { channel in
                let port = channel.localAddress?.port ?? settings.port
                let host = settings.host.contains(":") ? "[\(settings.host)]" : settings.host
                onRunning("\(scheme)://\(host):\(port)")
            }, logger: logger)
        var configuration = ServiceGroupConfiguration(
            services: [
                application, Sweeper(api: api), Drain(state: state, seconds: settings.drainDelay),
            ],
            gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        configuration.maximumGracefulShutdownDuration = .seconds(
            settings.drain + settings.drainDelay)
        try await ServiceGroup(configuration: configuration).run()
        try await threads.shutdownGracefully()
        api.close()
    }

    private static func builder(_ settings: ServerSettings) throws -> HTTPServerBuilder {
        let plain = HTTPServerBuilder.http1(configuration: .init(idleTimeout: .seconds(75)))
        guard let certificate = settings.tlsCertificate, let key = settings.tlsKey else {
            return plain
        }
        do {
            let chain = try NIOSSLCertificate.fromPEMFile(certificate).map {
                NIOSSLCertificateSource.certificate($0)
            }
            var tls = TLSConfiguration.makeServerConfiguration(
                certificateChain: chain,
                privateKey: .privateKey(try NIOSSLPrivateKey(file: key, format: .pem)))
            tls.minimumTLSVersion = .tlsv12
            return try .tls(plain, tlsConfiguration: tls)
        } catch {
            throw CinchError(
                code: .usage, message: "The certificate or its key can't be used",
                hint: "Check '\(certificate)' and '\(key)': both are PEM files.", cause: error)
        }
    }

    /// Each open tenant takes up to six descriptors, each connection one.
    private static func raiseDescriptorLimit() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}

/// Closes tenants that were not asked for lately, also when nobody asks for anything.
private struct Sweeper: Service {
    let api: API

    func run() async throws {
        while !Task.isShuttingDownGracefully, !Task.isCancelled {
            try? await cancelWhenGracefulShutdown { try await Task.sleep(for: .seconds(10)) }
            api.sweep()
        }
    }
}

/// Says 503 at `/readyz` for a while before connections are refused. It is the last of the services,
/// so it is the first to be stopped.
private struct Drain: Service {
    let state: ServerState
    let seconds: Double

    func run() async throws {
        try? await gracefulShutdown()
        state.drain()
        try? await Task.sleep(for: .seconds(seconds))
    }
}
