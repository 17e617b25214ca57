/// A commit: a tree, where it came from, who made it and why.
package struct Commit: Hashable, Sendable {
    /// A header this library gives no meaning to, such as `encoding` or `gpgsig`; kept in order.
    package struct Header: Hashable, Sendable {
        package var name: String
        /// Lines after the first are stored with a leading space, which is not part of the value.
        package var value: String

        package init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    package var tree: ObjectID
    package var parents: [ObjectID]
    package var author: Signature
    package var committer: Signature
    package var extraHeaders: [Header]
    /// The message with its final line feed, exactly as stored. Bytes that are not UTF-8 are
    /// replaced when a commit is read.
    package var message: String

    package init(
        tree: ObjectID, parents: [ObjectID], author: Signature, committer: Signature,
        message: String, extraHeaders: [Header] = []
    ) {
        self.tree = tree
        self.parents = parents
        self.author = author
        self.committer = committer
        self.message = message
        self.extraHeaders = extraHeaders
    }

    /// The first line of the message.
    package var subject: String {
        String(message.drop { $0 == "\n" }.prefix { $0 != "\n" })
    }

    init(decoding bytes: [UInt8], format: ObjectFormat) throws(ObjectFormatError) {
        var cursor = ByteCursor(bytes)
        tree = try cursor.objectID(after: "tree ", format)
        parents = []
        while cursor.starts(with: "parent ") {
            parents.append(try cursor.objectID(after: "parent ", format))
        }
        try cursor.skip("author ")
        var start = cursor.offset
        author = try Signature(decoding: cursor.line(), at: start)
        try cursor.skip("committer ")
        start = cursor.offset
        committer = try Signature(decoding: cursor.line(), at: start)
        extraHeaders = []
        while !cursor.isAtEnd, !cursor.starts(with: "\n") {
            let start = cursor.offset
            let line = try cursor.line()
            if line.first == UInt8(ascii: " "), let last = extraHeaders.indices.last {
                extraHeaders[last].value += "\n" + String(decoding: line.dropFirst(), as: UTF8.self)
                continue
            }
            guard let space = line.firstIndex(of: UInt8(ascii: " ")), space > line.startIndex else {
                throw .expected("a header", at: start)
            }
            extraHeaders.append(
                Header(
                    name: String(decoding: line[..<space], as: UTF8.self),
                    value: String(decoding: line[(space + 1)...], as: UTF8.self)))
        }
        if !cursor.isAtEnd { try cursor.skip("\n") }
        message = String(decoding: cursor.rest(), as: UTF8.self)
    }

    /// The body of the object.
    package func encoded() -> [UInt8] {
        var text = "tree \(tree)\n"
        for parent in parents { text += "parent \(parent)\n" }
        text += "author \(author.line)\ncommitter \(committer.line)\n"
        for header in extraHeaders {
            let lines = header.value.split(separator: "\n", omittingEmptySubsequences: false)
            text += "\(header.name) \(lines.joined(separator: "\n "))\n"
        }
        text += "\n\(message)"
        return Array(text.utf8)
    }
}
