import CinchGit
import CinchSchema

/// Names of files for things people have named.
///
/// A few letters to recognise it by, then a hash of kind and name that makes it this one's alone:
/// `users-1f2e3d4c5b6a.html`, whatever else the name is made of.
enum FileName {
    static func of(_ kind: String, _ name: Identifier) -> String {
        var letters = ""
        for byte in name.key.utf8.prefix(24) {
            switch byte {
            case 0x30...0x39, 0x61...0x7A, 0x5F: letters.unicodeScalars.append(Unicode.Scalar(byte))
            default: if !letters.hasSuffix("-") { letters += "-" }
            }
        }
        while letters.first == "-" { letters.removeFirst() }
        while letters.last == "-" { letters.removeLast() }
        let hash = ObjectFormat.sha256.objectID(of: .blob, Array("\(kind) \(name.key)".utf8))
        return (letters.isEmpty ? "" : letters + "-") + hash.abbreviated(12) + ".html"
    }
}
