import Cinch
import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore
import NIOPosix

extension Responder {
    /// The body, read only when it is known who sends it.
    func body(of request: Request) async throws -> JSONValue? {
        if let type = request.headers[.contentType],
            !type.lowercased().hasPrefix("application/json")
        {
            throw HTTPProblem(
                415, "The body must be JSON", "Send 'Content-Type: application/json'.")
        }
        let limit = settings.maxBody
        let seconds = settings.timeout
        let buffer = try await withThrowingTaskGroup(of: ByteBuffer?.self) { group in
            group.addTask {
                do {
                    return try await request.body.collect(upTo: limit)
                } catch is NIOTooManyBytesError {
                    throw HTTPProblem(
                        413, "The body is larger than \(limit) bytes", "Send less at once.",
                        code: "too-large")
                }
            }
            group.addTask {
                try await Task.sleep(for: .seconds(seconds))
                return nil
            }
            defer { group.cancelAll() }
            guard let first = try await group.next(), let buffer = first else {
                throw HTTPProblem(
                    408, "The body didn't arrive within \(Int(seconds)) seconds", "Send it faster.",
                    code: "interrupted")
            }
            return buffer
        }
        guard buffer.readableBytes > 0 else { return nil }
        guard let text = buffer.getString(at: buffer.readerIndex, length: buffer.readableBytes),
            text.utf8.count == buffer.readableBytes
        else {
            throw CinchError(
                code: .invalid, message: "The body is not UTF-8", hint: "Send JSON in UTF-8.")
        }
        return try JSONValue(parsing: text)
    }
}
