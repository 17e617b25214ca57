/// Where the bytes of an object, a pack or an index stop making sense.
enum ObjectFormatError: Error, Hashable, Sendable {
    /// The bytes at this offset are not what the format asks for there.
    case expected(String, at: Int)
    /// The stream ends too early, or goes on after its end.
    case wrongLength(String)
    /// The compressed stream is damaged.
    case damagedStream

    /// The reason in words, to follow "… is corrupt: ".
    var reason: String {
        switch self {
        case .expected(let what, let offset): "expected \(what) at byte \(offset)"
        case .wrongLength(let what): what
        case .damagedStream: "its compressed data is damaged"
        }
    }
}
