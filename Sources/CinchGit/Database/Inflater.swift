import CZlib

/// Decompresses one zlib stream from a file, piece by piece, never past what is asked for.
struct Inflater: ~Copyable {
    private static let chunk = 8192
    // zlib keeps a pointer back to its stream, which therefore must not move.
    private let stream: UnsafeMutablePointer<z_stream>
    private let input: UnsafeMutableRawBufferPointer
    private var nextOffset: Int
    private var pieceSize = Inflater.chunk
    private var hasEnded = false

    /// Starts at that offset of the file given to `read`.
    init(at offset: Int) {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        input = .allocate(byteCount: Self.chunk, alignment: 1)
        nextOffset = offset
        let code = inflateInit_(stream, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        precondition(code == Z_OK, "zlib opens a stream unless memory has run out")
    }

    /// Begins another stream, which costs much less than another inflater.
    ///
    /// - Parameter size: About how many bytes it is long.
    mutating func restart(at offset: Int, expecting size: Int) {
        let code = inflateReset(stream)
        precondition(code == Z_OK, "a stream that was opened can begin again")
        stream.pointee.avail_in = 0
        nextOffset = offset
        pieceSize = min(Self.chunk, size)
        hasEnded = false
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
        input.deallocate()
    }

    /// The offset after the last byte of the stream, once it has ended.
    var endOffset: Int { nextOffset - Int(stream.pointee.avail_in) }

    /// Fills the buffer; less only when the stream ends.
    mutating func read(
        _ file: borrowing OpenFile, into buffer: UnsafeMutableBufferPointer<UInt8>
    ) throws -> Int {
        var done = 0
        while done < buffer.count, !hasEnded {
            if stream.pointee.avail_in == 0 {
                let piece = UnsafeMutableRawBufferPointer(rebasing: input[..<pieceSize])
                let count = try file.read(into: piece, at: nextOffset)
                guard count > 0 else {
                    throw ObjectFormatError.wrongLength("its file is cut off")
                }
                nextOffset += count
                stream.pointee.next_in = input.baseAddress?.assumingMemoryBound(to: UInt8.self)
                stream.pointee.avail_in = UInt32(count)
            }
            let space = min(buffer.count - done, 1 << 30)
            stream.pointee.next_out = buffer.baseAddress?.advanced(by: done)
            stream.pointee.avail_out = UInt32(space)
            switch inflate(stream, Z_NO_FLUSH) {
            case Z_OK: break
            case Z_STREAM_END: hasEnded = true
            // Z_BUF_ERROR only asks for more input, of which the next round brings some.
            case Z_BUF_ERROR where stream.pointee.avail_in == 0: break
            default: throw ObjectFormatError.damagedStream
            }
            done += space - Int(stream.pointee.avail_out)
        }
        return done
    }

    /// Exactly `count` bytes with which the stream ends, after the bytes already in `start`.
    mutating func readToEnd(
        _ file: borrowing OpenFile, count: Int, after start: [UInt8] = []
    ) throws -> [UInt8] {
        let tooLong = ObjectFormatError.wrongLength("it is longer than its header says")
        guard start.count <= count else { throw tooLong }
        let bytes = try [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            _ = buffer.update(fromContentsOf: start)
            let rest = UnsafeMutableBufferPointer(rebasing: buffer[start.count...])
            initialized = try start.count + read(file, into: rest)
        }
        guard bytes.count == count else {
            throw ObjectFormatError.wrongLength("it is shorter than its header says")
        }
        // The end, with its checksum, shows itself only when asked for one byte more.
        let extra = try withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 1) { spare in
            try read(file, into: spare)
        }
        guard extra == 0 else { throw tooLong }
        return bytes
    }

    /// Up to `count` bytes from where the stream is.
    mutating func read(_ file: borrowing OpenFile, upTo count: Int) throws -> [UInt8] {
        try [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            initialized = try read(file, into: buffer)
        }
    }
}
