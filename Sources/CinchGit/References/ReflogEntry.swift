/// One move of a reference: `<old> <new> <signature>\t<message>`.
package struct ReflogEntry: Hashable, Sendable {
    /// All zeros when the reference was created.
    package var old: ObjectID
    /// All zeros when the reference was deleted.
    package var new: ObjectID
    package var signature: Signature
    /// One line.
    package var message: String

    package init(old: ObjectID, new: ObjectID, signature: Signature, message: String) {
        self.old = old
        self.new = new
        self.signature = signature
        self.message = message
    }

    /// - Parameter line: Without its line feed.
    init(decoding line: some Collection<UInt8>, format: ObjectFormat) throws(ObjectFormatError) {
        let bytes = Array(line)
        let digits = format.hexCount
        guard bytes.count > 2 * digits + 2, bytes[digits] == UInt8(ascii: " "),
            bytes[2 * digits + 1] == UInt8(ascii: " "),
            let old = ObjectID(hexBytes: bytes[..<digits]),
            let new = ObjectID(hexBytes: bytes[(digits + 1)..<(2 * digits + 1)])
        else { throw .expected("two object names", at: 0) }
        let start = 2 * digits + 2
        let tab = bytes.firstIndex(of: UInt8(ascii: "\t")) ?? bytes.count
        guard tab >= start else { throw .expected("a signature", at: start) }
        self.old = old
        self.new = new
        signature = try Signature(decoding: bytes[start..<tab], at: start)
        message = String(decoding: bytes[min(tab + 1, bytes.count)...], as: UTF8.self)
    }

    /// The line with its line feed. White space in the message becomes single spaces, as in git.
    func encoded() -> [UInt8] {
        let words = message.utf8.split { $0 == 0x20 || (0x09...0x0D).contains($0) || $0 == 0 }
        var line = Array("\(old) \(new) \(signature.line)".utf8)
        for (place, word) in words.enumerated() {
            line.append(place == 0 ? UInt8(ascii: "\t") : 0x20)
            line.append(contentsOf: word)
        }
        line.append(UInt8(ascii: "\n"))
        return line
    }
}
