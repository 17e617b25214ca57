internal import Crypto

/// A key a caller shows to a server: `ck_<tenant>_<43 characters>`, the tenant `admin` for
/// administrators. The characters are 32 random bytes in base64url (RFC 4648 section 5).
package struct APIKey: Hashable, Sendable {
    /// The key itself. It is shown once, when it is made, and kept nowhere.
    package let text: String

    /// A new key.
    ///
    /// - Parameter tenant: Absent for an administrator's.
    init(tenant: String?) {
        var generator = SystemRandomNumberGenerator()
        let bytes = (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        let secret = Base64.encode(bytes).replacing("+", with: "-").replacing("/", with: "_")
            .replacing("=", with: "")
        text = "ck_\(tenant ?? "admin")_\(secret)"
    }

    /// SHA-256 of a key: what is stored and looked for.
    package static func digest(of text: String) -> [UInt8] {
        Array(SHA256.hash(data: Array(text.utf8)))
    }

    /// Whether a text has a key's form. Nothing is looked up for one that has not.
    package static func isWellFormed(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard bytes.count <= 3 + 63 + 1 + 43, bytes.count > 3 + 1 + 43, text.hasPrefix("ck_"),
            bytes[bytes.count - 44] == UInt8(ascii: "_")
        else { return false }
        return bytes.suffix(43).allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                true
            default: false
            }
        }
    }

    /// Whether two digests are the same, in a time that doesn't tell where they differ.
    package static func areEqual(_ one: [UInt8], _ other: [UInt8]) -> Bool {
        guard one.count == other.count else { return false }
        return zip(one, other).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
