/// What brings requests to their answers: the files of this machine, a server, or a test's own.
///
/// The requests are those of docs/http-api.md.
public protocol CinchTransport: Sendable {
    /// Whether the answers come from this machine's files, without a server.
    var isLocal: Bool { get }

    /// Answers a request. What goes wrong is a problem document, or an error where no answer came.
    func answer(_ request: APIRequest) async throws -> APIResponse
}
