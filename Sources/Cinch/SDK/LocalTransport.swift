internal import Dispatch

/// Answers from this machine's files, on threads that may block.
package struct LocalTransport: CinchTransport {
    /// What answers.
    package let api: API

    /// SQLite waits for disks and locks, which the threads of Swift's own pool must never do.
    private static let threads = DispatchQueue(label: "cinch.blocking", attributes: .concurrent)

    /// Always.
    package var isLocal: Bool { true }

    /// Answers from a project.
    package init(_ api: API) { self.api = api }

    /// See ``CinchTransport``.
    ///
    /// - Throws: `CancellationError` when the task was cancelled before it was answered; a statement
    ///   that was running is undone then.
    package func answer(_ request: APIRequest) async throws -> APIResponse {
        try Task.checkCancellation()
        let cancellation = Cancellation()
        let response = try await withTaskCancellationHandler {
            try await Self.blocking { api.handle(request, cancellation: cancellation) }
        } onCancel: {
            cancellation.cancel()
        }
        if response.status == 408 { try Task.checkCancellation() }
        return response
    }

    /// Runs what may block, and waits for it without blocking.
    static func blocking<Result: Sendable>(
        _ body: @escaping @Sendable () throws -> Result
    ) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            threads.async { continuation.resume(with: Swift.Result { try body() }) }
        }
    }
}
