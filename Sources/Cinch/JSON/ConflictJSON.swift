import CinchGit
import CinchSchema

extension OpenConflict {
    /// The conflict as JSON.
    package var json: JSONValue {
        let text = { (text: String?) -> JSONValue in text.map { .string($0) } ?? .null }
        let list = { (texts: [String]) in JSONValue.array(texts.map { .string($0) }) }
        return .object([
            .init("kind", .string(conflict.kind.rawValue)),
            .init("path", .string(conflict.path)),
            .init("entity", .string(conflict.entity)),
            .init("attribute", text(conflict.attribute)),
            .init("base", text(conflict.sides.base)),
            .init("ours", text(conflict.sides.ours)),
            .init("theirs", text(conflict.sides.theirs)),
            .init("objects", list(conflict.objects)),
            .init("differences", list(conflict.differences)),
            .init("reason", text(conflict.reason)),
            .init("ours_commit", text(ours?.hex)),
            .init("theirs_commit", text(theirs?.hex)),
        ])
    }
}
