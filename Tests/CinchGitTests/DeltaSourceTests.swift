import CinchGit
import Testing

/// A delta makes exactly the object it was made for, as gitformat-pack(5) says it is to be read.
struct DeltaSourceTests {
    /// Reads a delta by the letter of the manual, with nothing of the code under test.
    private func apply(_ delta: [UInt8], to base: [UInt8]) -> [UInt8] {
        var at = 0
        func size() -> Int {
            var value = 0
            var shift = 0
            repeat {
                value |= Int(delta[at] & 0x7F) << shift
                shift += 7
                at += 1
            } while delta[at - 1] & 0x80 != 0
            return value
        }
        #expect(size() == base.count)
        let wanted = size()
        var result: [UInt8] = []
        while at < delta.count {
            let instruction = delta[at]
            at += 1
            guard instruction & 0x80 != 0 else {
                #expect(instruction != 0)
                result += delta[at..<at + Int(instruction)]
                at += Int(instruction)
                continue
            }
            var (from, count) = (0, 0)
            for bit in 0..<4 where instruction & 1 << UInt8(bit) != 0 {
                from |= Int(delta[at]) << (8 * bit)
                at += 1
            }
            for bit in 0..<3 where instruction & 0x10 << UInt8(bit) != 0 {
                count |= Int(delta[at]) << (8 * bit)
                at += 1
            }
            if count == 0 { count = 0x10000 }
            result += base[from..<from + count]
        }
        #expect(result.count == wanted)
        return result
    }

    private func check(_ base: [UInt8], _ target: [UInt8]) throws {
        let delta = try #require(DeltaSource(base).delta(to: target))
        #expect(apply(delta, to: base) == target)
    }

    @Test func edgesAreMadeExactly() throws {
        let text = Array("CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT);\n".utf8)
        let zeros = [UInt8](repeating: 0, count: 200_000)
        let sizes = [0, 1, 15, 16, 17, 31, 32, 33, 127, 128, 129, 0xFFFF, 0x10000, 0x10001]
        for size in sizes {
            let bytes = Array(zeros.prefix(size))
            try check(bytes, bytes)
            try check(text, bytes)
            try check(bytes, text)
            try check(bytes + text, text + bytes)
            try check(zeros, bytes)
            try check(bytes, Array(zeros.prefix(70_000)))
        }
    }

    @Test(arguments: 0..<40 as Range<UInt64>)
    func editedTextsAreMadeExactly(_ seed: UInt64) throws {
        var random = Numbers(state: seed &* 0x9E37_79B9 &+ 1)
        let alphabet = seed % 3 == 0 ? 2 : seed % 3 == 1 ? 30 : 256
        let base = (0..<Int.random(in: 0...5000, using: &random)).map { _ in
            UInt8(Int.random(in: 0..<alphabet, using: &random))
        }
        var target = base
        for _ in 0..<Int.random(in: 0...12, using: &random) {
            let at = Int.random(in: 0...target.count, using: &random)
            let end = min(target.count, at + Int.random(in: 0...200, using: &random))
            switch Int.random(in: 0...2, using: &random) {
            case 0: target.removeSubrange(at..<end)
            case 1: target.insert(contentsOf: base.suffix(end - at), at: at)
            default:
                target.insert(
                    contentsOf: (0..<40).map { _ in UInt8.random(in: 0...255, using: &random) },
                    at: at)
            }
        }
        try check(base, target)
        try check(target, base)
    }

    @Test func aSmallEditIsASmallDelta() throws {
        let lines = (0..<400).map {
            "  column_\($0) TEXT, -- id \(String($0 &* 2_654_435, radix: 16))\n"
        }
        var edited = lines
        edited[200] = "  renamed TEXT NOT NULL, -- id 00c0ffee\n"
        let (base, target) = (Array(lines.joined().utf8), Array(edited.joined().utf8))
        let delta = try #require(DeltaSource(base).delta(to: target))
        #expect(delta.count < 100)
        #expect(DeltaSource(base).delta(to: target, limit: delta.count) == delta)
        #expect(DeltaSource(base).delta(to: target, limit: delta.count - 1) == nil)
    }

    /// The same numbers in every run.
    private struct Numbers: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return state &* 0x2545_F491_4F6C_DD1D
        }
    }
}
