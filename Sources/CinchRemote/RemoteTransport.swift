import AsyncHTTPClient
public import Cinch
import NIOCore
import NIOHTTP1

/// Asks a server of `cinch serve`.
public struct RemoteTransport: CinchTransport {
    private let base: String
    private let headers: [(String, String)]
    private let seconds: Int64

    /// One for all: it keeps connections for the next request. A refused connection is told at once
    /// instead of tried again until the time is over.
    private static let client: HTTPClient = {
        var configuration = HTTPClient.Configuration(timeout: .init(connect: .seconds(10)))
        configuration.connectionPool.retryConnectionEstablishment = false
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }()

    /// Never.
    public var isLocal: Bool { false }

    /// Prepares to ask a server; nothing is asked yet.
    ///
    /// - Parameters:
    ///   - url: `https://HOST` or `http://HOST:PORT`, with or without a path before `/v1`.
    ///   - apiKey: A key of `cinch key create`, or a token; absent for none.
    ///   - timeout: Seconds to wait for an answer.
    /// - Throws: `CinchError` with `.invalid` for what is no such address.
    public init(url: String, apiKey: String?, timeout seconds: Int64 = 60) throws {
        guard url.hasPrefix("http://") || url.hasPrefix("https://"), !url.contains("?") else {
            throw CinchError(
                code: .invalid, message: "'\(url)' is no address of a server",
                hint: "Write https://HOST or http://HOST:PORT.")
        }
        base = url.hasSuffix("/") ? String(url.dropLast()) : url
        headers =
            [("Accept", "application/json")]
            + (apiKey.map { [("Authorization", "Bearer \($0)")] } ?? [])
        self.seconds = seconds
    }

    /// See `CinchTransport`.
    public func answer(_ request: APIRequest) async throws -> APIResponse {
        var sent = HTTPClientRequest(url: base + target(of: request))
        sent.method = .RAW(value: request.method)
        for (name, value) in headers { sent.headers.add(name: name, value: value) }
        if let key = request.idempotencyKey {
            sent.headers.add(name: "Idempotency-Key", value: key)
        }
        if let body = request.body {
            sent.headers.add(name: "Content-Type", value: "application/json")
            sent.body = .bytes(ByteBuffer(string: body.text()))
        }
        let (status, text) = try await send(sent)
        guard let json = try? JSONValue(parsing: text) else {
            throw CinchError(
                code: .unreachable, message: "The answer of '\(base)' is not JSON",
                hint: "Check that the address is a cinch server's.")
        }
        return APIResponse(status: status, status < 400 ? .json(json) : .problem(json))
    }

    private func send(_ request: HTTPClientRequest) async throws -> (status: Int, text: String) {
        do {
            let response = try await Self.client.execute(request, timeout: .seconds(seconds))
            let body = try await response.body.collect(upTo: 256 << 20)
            return (Int(response.status.code), String(buffer: body))
        } catch {
            throw CinchError(
                code: .unreachable, message: "No answer came from '\(base)'",
                hint: "Check the address and that 'cinch serve' runs there.", cause: error)
        }
    }

    private func target(of request: APIRequest) -> String {
        let path = request.path.map { "/" + APIPath.encode($0) }.joined()
        let query = request.query.map { "\(APIPath.encode($0.name))=\(APIPath.encode($0.value))" }
        return query.isEmpty ? path : path + "?" + query.joined(separator: "&")
    }
}

extension Cinch {
    /// Connects to a database on a server; every call of a local connection works, except those
    /// that hand out GRDB's own.
    ///
    /// - Parameters:
    ///   - url: `https://HOST` or `http://HOST:PORT`.
    ///   - apiKey: A key of `cinch key create`, or a token.
    ///   - database: The database's name.
    ///   - branch: The branch tenants follow, unless another is meant.
    /// - Throws: `CinchError` with `.invalid` for an address that is none.
    public static func connect(
        url: String, apiKey: String?, database: String, branch: String = "main",
        tenant: String = "main"
    ) throws -> CinchConnection {
        CinchConnection(
            try RemoteTransport(url: url, apiKey: apiKey), database: database, branch: branch,
            tenant: tenant)
    }
}
