import Cinch
import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore
import NIOPosix

extension Responder {
    /// A rollout as it goes on: an event for each change, until it has ended (server-sent events).
    func events(_ request: APIRequest) async throws -> Response {
        let (api, threads, state) = (api, threads, state)
        let first = try await threads.runIfActive { api.handle(request) }
        guard first.status == 200 else { return Self.response(first) }
        let body = ResponseBody { writer in
            var last: APIResponse? = nil
            var current = first
            while true {
                if current != last {
                    try await writer.write(
                        ByteBuffer(string: "event: rollout\ndata: \(current.jsonBody.text())\n\n"))
                    last = current
                }
                guard current.status == 200, current.jsonBody["finished_at"] == .null,
                    !state.isDraining
                else { break }
                try await Task.sleep(for: .milliseconds(250))
                current = try await threads.runIfActive { api.handle(request) }
            }
            try await writer.finish(nil)
        }
        return Response(
            status: .ok,
            headers: [.contentType: "text/event-stream", .cacheControl: "no-store"], body: body)
    }
}
