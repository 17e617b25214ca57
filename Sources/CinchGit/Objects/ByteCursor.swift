/// Reads the line-oriented part of commits and tags, remembering where it is for errors.
struct ByteCursor {
    let bytes: [UInt8]
    private(set) var offset = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var isAtEnd: Bool { offset == bytes.count }

    /// Whether the next bytes are these.
    func starts(with text: StaticString) -> Bool {
        let length = text.utf8CodeUnitCount
        guard bytes.count - offset >= length else { return false }
        return (0..<length).allSatisfy { bytes[offset + $0] == text.utf8Start[$0] }
    }

    /// Steps over these bytes.
    mutating func skip(_ text: StaticString) throws(ObjectFormatError) {
        guard starts(with: text) else { throw .expected("'\(text)'", at: offset) }
        offset += text.utf8CodeUnitCount
    }

    /// The rest of the line, without its line feed, which is stepped over.
    mutating func line() throws(ObjectFormatError) -> ArraySlice<UInt8> {
        guard let end = bytes[offset...].firstIndex(of: UInt8(ascii: "\n")) else {
            throw .expected("a line feed", at: bytes.count)
        }
        defer { offset = end + 1 }
        return bytes[offset..<end]
    }

    /// A line `<key> <object name>`.
    mutating func objectID(
        after key: StaticString, _ format: ObjectFormat
    ) throws(ObjectFormatError) -> ObjectID {
        try skip(key)
        let start = offset
        guard let id = try ObjectID(hexBytes: line()), id.format == format else {
            throw .expected("a \(format.hexCount)-digit object name", at: start)
        }
        return id
    }

    /// Everything from here on.
    func rest() -> ArraySlice<UInt8> { bytes[offset...] }
}
