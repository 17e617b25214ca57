import Cinch
import Hummingbird

/// A problem that HTTP has a status of its own for.
struct HTTPProblem: Error {
    let response: APIResponse

    init(_ status: Int, _ detail: String, _ hint: String, code: String = "invalid") {
        response = APIProblem.response(status: status, code: code, detail: detail, hint: hint)
    }
}
