import CZlib

/// Compresses objects with one zlib stream that is reset, not remade: for small objects setting
/// a stream up costs more than the compression.
struct Deflater: ~Copyable {
    // zlib keeps a pointer back to its stream, which therefore must not move.
    private let stream: UnsafeMutablePointer<z_stream>

    /// How hard it tries.
    enum Level: Int32 {
        /// git's level for loose objects.
        case fastest = 1
        /// git's level for packs, zlib's own choice.
        case standard = -1
    }

    init(level: Level = .fastest) {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        let code = deflateInit_(
            stream, level.rawValue, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        precondition(code == Z_OK, "zlib opens a stream unless memory has run out")
    }

    deinit {
        deflateEnd(stream)
        stream.deallocate()
    }

    /// One complete zlib stream.
    ///
    /// - Precondition: fewer than 2^31 bytes, which the object size limit sees to.
    mutating func compress(_ bytes: [UInt8]) -> [UInt8] {
        precondition(bytes.count < 1 << 31, "an object is compressed in one piece")
        deflateReset(stream)
        let bound = Int(deflateBound(stream, UInt(bytes.count)))
        return bytes.withUnsafeBufferPointer { input in
            [UInt8](unsafeUninitializedCapacity: bound) { output, initialized in
                // zlib's input pointer isn't const, though it only reads.
                stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
                stream.pointee.avail_in = UInt32(input.count)
                stream.pointee.next_out = output.baseAddress
                stream.pointee.avail_out = UInt32(output.count)
                let code = deflate(stream, Z_FINISH)
                precondition(code == Z_STREAM_END, "deflateBound leaves room for the whole stream")
                initialized = output.count - Int(stream.pointee.avail_out)
            }
        }
    }
}
