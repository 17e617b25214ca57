import Crypto

/// The hash of bytes that come piece by piece: the trailer of a pack or an index.
struct RunningChecksum {
    private let format: ObjectFormat
    private var sha1 = Insecure.SHA1()
    private var sha256 = SHA256()

    init(_ format: ObjectFormat) { self.format = format }

    mutating func update(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { buffer in
            switch format {
            case .sha1: sha1.update(bufferPointer: buffer)
            case .sha256: sha256.update(bufferPointer: buffer)
            }
        }
    }

    /// The hash of everything so far.
    func value() -> ObjectID {
        switch format {
        case .sha1: ObjectID(format: format, bytes: Array(sha1.finalize()))
        case .sha256: ObjectID(format: format, bytes: Array(sha256.finalize()))
        }
    }
}
