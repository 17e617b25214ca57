package import Cinch

/// The requests of docs/http-api.md, answered from the files of a project.
///
/// Every call blocks until the answer is there and what it changed is on disk. Safe to use from
/// several threads.
package final class API: Sendable {
    /// What may be asked.
    package static let routes: [Route] = []

    /// The route of a request and the parameters in its path; absent when there is none.
    package static func route(
        _ method: String, _ path: [String]
    ) -> (route: Route, parameters: [String: String])? {
        nil
    }

    /// Answers a request. What goes wrong is a problem document, never an error.
    ///
    /// - Parameter deadline: Seconds after which a statement is stopped; absent for none.
    package func handle(_ request: APIRequest, deadline: Double? = nil) -> APIResponse {
        APIResponse(.json(.null))
    }
}
