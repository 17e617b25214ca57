/// Paths and queries of requests as they stand in a URL (RFC 3986).
package enum APIPath {
    /// A path's components and the members of its query, percent-decoded.
    ///
    /// - Parameter target: `/v1/db/shop/log?limit=3`.
    /// - Throws: `CinchError` with `.invalid` for what doesn't begin with a slash, has an empty
    ///   component, `.` or `..`, a `%` that encodes nothing, a NUL, or bytes that are not UTF-8, and
    ///   for components over 1,024 bytes.
    package static func parse(
        _ target: String
    ) throws -> (path: [String], query: [(name: String, value: String)]) {
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        guard let path = parts.first, path.hasPrefix("/") else {
            throw invalid("The path must begin with '/'")
        }
        let encoded =
            path == "/"
            ? [] : path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        let components = try encoded.map { component in
            let text = try decode(component)
            guard text.utf8.count <= 1024 else {
                throw invalid("A part of the path is too long")
            }
            guard !text.isEmpty, text != ".", text != ".." else {
                throw invalid("The path has an empty part, '.' or '..'")
            }
            return text
        }
        guard parts.count > 1 else { return (components, []) }
        let query = try parts[1].split(separator: "&").map { member in
            let pair = member.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let value = pair.count > 1 ? pair[1].replacing("+", with: "%20") : ""
            return (name: try decode(pair[0]), value: try decode(value[...]))
        }
        return (components, query)
    }

    /// A text as one component or value: everything but letters, digits and `-._~` is encoded.
    package static func encode(_ text: String) -> String {
        var encoded = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
                UInt8(ascii: "_"), UInt8(ascii: "~"):
                encoded.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let hex = String(byte, radix: 16, uppercase: true)
                encoded += hex.count == 1 ? "%0\(hex)" : "%\(hex)"
            }
        }
        return encoded
    }

    private static func decode(_ text: some StringProtocol) throws -> String {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            let digits = rest.prefix(2)
            guard digits.count == 2,
                let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 16),
                digits.first != UInt8(ascii: "+")
            else { throw invalid("A '%' must be followed by two hexadecimal digits") }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        guard let decoded = String(validating: bytes, as: UTF8.self), !bytes.contains(0)
        else { throw invalid("A part of the address is not UTF-8 or holds a NUL") }
        return decoded
    }

    private static func invalid(_ message: String) -> CinchError {
        CinchError(
            code: .invalid, message: message,
            hint: "Percent-encode each part of the path, as in /branch/feature%2Fx.")
    }
}
