/// An annotated tag.
package struct Tag: Hashable, Sendable {
    package var object: ObjectID
    package var kind: ObjectKind
    package var name: String
    /// Absent in tags from git's first years only.
    package var tagger: Signature?
    /// The message with its final line feed, and the signature block if there is one.
    package var message: String

    package init(
        object: ObjectID, kind: ObjectKind, name: String, tagger: Signature?, message: String
    ) {
        self.object = object
        self.kind = kind
        self.name = name
        self.tagger = tagger
        self.message = message
    }

    init(decoding bytes: [UInt8], format: ObjectFormat) throws(ObjectFormatError) {
        var cursor = ByteCursor(bytes)
        object = try cursor.objectID(after: "object ", format)
        try cursor.skip("type ")
        var start = cursor.offset
        guard let kind = try ObjectKind(rawValue: String(decoding: cursor.line(), as: UTF8.self))
        else { throw .expected("an object kind", at: start) }
        self.kind = kind
        try cursor.skip("tag ")
        name = try String(decoding: cursor.line(), as: UTF8.self)
        if cursor.starts(with: "tagger ") {
            try cursor.skip("tagger ")
            start = cursor.offset
            tagger = try Signature(decoding: cursor.line(), at: start)
        }
        // Headers git may add later are stepped over; the message starts after an empty line.
        while !cursor.isAtEnd, !cursor.starts(with: "\n") { _ = try cursor.line() }
        if !cursor.isAtEnd { try cursor.skip("\n") }
        message = String(decoding: cursor.rest(), as: UTF8.self)
    }

    /// The body of the object.
    package func encoded() -> [UInt8] {
        var text = "object \(object)\ntype \(kind.rawValue)\ntag \(name)\n"
        if let tagger { text += "tagger \(tagger.line)\n" }
        text += "\n\(message)"
        return Array(text.utf8)
    }
}
