import Crypto

/// The hash a repository names its objects with, git's `extensions.objectFormat`.
package enum ObjectFormat: String, Hashable, Sendable, CaseIterable {
    case sha1
    case sha256

    /// The length of an object name in bytes.
    package var byteCount: Int {
        switch self {
        case .sha1: 20
        case .sha256: 32
        }
    }

    /// The length of an object name in hexadecimal digits.
    package var hexCount: Int { byteCount * 2 }

    /// Names an object: the hash of its header `<kind> <size>\0` followed by its body.
    package func objectID(of kind: ObjectKind, _ body: [UInt8]) -> ObjectID {
        let header = kind.header(size: body.count)
        return switch self {
        case .sha1: digest(Insecure.SHA1(), [header, body])
        case .sha256: digest(SHA256(), [header, body])
        }
    }

    /// The plain hash of some bytes, as the trailers of packs and indexes hold it.
    func checksum(_ bytes: [UInt8]) -> ObjectID {
        switch self {
        case .sha1: digest(Insecure.SHA1(), [bytes])
        case .sha256: digest(SHA256(), [bytes])
        }
    }

    private func digest<Hash: HashFunction>(_ function: Hash, _ parts: [[UInt8]]) -> ObjectID {
        var function = function
        for part in parts {
            part.withUnsafeBytes { function.update(bufferPointer: $0) }
        }
        return ObjectID(format: self, bytes: Array(function.finalize()))
    }
}
