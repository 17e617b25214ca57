/// An object as it is stored: its kind and the bytes after the header.
package struct Object: Hashable, Sendable {
    package var kind: ObjectKind
    package var body: [UInt8]

    package init(kind: ObjectKind, body: [UInt8]) {
        self.kind = kind
        self.body = body
    }
}

/// What is known of an object without reading its body.
package struct ObjectHeader: Hashable, Sendable {
    package var kind: ObjectKind
    /// The length of the body in bytes.
    package var size: Int

    package init(kind: ObjectKind, size: Int) {
        self.kind = kind
        self.size = size
    }

    /// Reads `<kind> <size>\0` and says how many bytes that took.
    static func decode(
        _ bytes: [UInt8]
    ) throws(ObjectFormatError) -> (header: ObjectHeader, length: Int) {
        guard let end = bytes.firstIndex(of: 0),
            let space = bytes[..<end].firstIndex(of: UInt8(ascii: " ")),
            let kind = ObjectKind(rawValue: String(decoding: bytes[..<space], as: UTF8.self))
        else { throw .expected("an object header", at: 0) }
        let digits = bytes[(space + 1)..<end]
        guard !digits.isEmpty, digits.allSatisfy({ (0x30...0x39).contains($0) }),
            digits.first != 0x30 || digits.count == 1,
            let size = Int(String(decoding: digits, as: UTF8.self))
        else { throw .expected("a size", at: space + 1) }
        return (ObjectHeader(kind: kind, size: size), end + 1)
    }
}

/// The largest object that is read or written; a larger one is refused before any allocation.
struct SizeLimit: Hashable, Sendable {
    let bytes: Int

    /// Throws `.tooLarge` for a size above the limit.
    func check(_ size: Int, of id: ObjectID) throws {
        guard size > bytes else { return }
        throw GitError(
            .tooLarge, "Object '\(id)' has \(size) bytes, more than the limit of \(bytes)",
            hint: "Open the repository with a higher limit if the object is meant to be there.")
    }
}
