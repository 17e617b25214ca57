import CinchGit
import CinchTestSupport
import Foundation
import Testing

/// Objects and packs that are not what they say they are: an error, at once and by name.
struct DamagedObjectTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func code(_ id: ObjectID) -> GitError.Code? {
        let error = #expect(throws: GitError.self) { try scratch.repository.read(id) }
        if error?.code == .corrupt { #expect(error?.message.contains(id.hex) == true) }
        return error?.code
    }

    private func name(_ text: String) -> ObjectID {
        ObjectFormat.sha256.objectID(of: .blob, Array(text.utf8))
    }

    @Test(arguments: [
        ("blob 5\0hell", GitError.Code.corrupt), ("blob 5\0hello!", .corrupt),
        ("blob 05\0hello", .corrupt), ("blob -5\0hello", .corrupt), ("blob 5 \0hello", .corrupt),
        ("blob\0hello", .corrupt), ("thing 5\0hello", .corrupt), ("tree 5\0hello", .corrupt),
        ("blob 99999999999999999999\0hello", .corrupt), ("", .corrupt), ("blob 5hello", .corrupt),
        ("blob 4611686018427387904\0hello", .tooLarge), ("blob 268435457\0hello", .tooLarge),
        ("blob 5\0jello", .corrupt),
    ])
    func aLooseObjectMustBeWhatItsHeaderAndNameSay(_ text: String, _ expected: GitError.Code) throws
    {
        let id = name("hello")
        try StoredBytes.writeLoose(id, StoredBytes.zlib(Array(text.utf8)), in: scratch.path)
        #expect(code(id) == expected)
        // Writing it puts a sound one in its place.
        if expected == .corrupt {
            try scratch.repository.writeBlob(Array("hello".utf8))
            #expect(try scratch.repository.readBlob(id) == Array("hello".utf8))
        }
    }

    @Test func bytesBehindALooseObjectAreDamage() throws {
        let id = name("hello")
        try StoredBytes.writeLoose(
            id, StoredBytes.zlib(Array("blob 5\0hello".utf8)) + [0], in: scratch.path)
        #expect(code(id) == .corrupt)
    }

    @Test func anotherSoundCopyIsUsed() throws {
        let id = name("hello")
        try StoredBytes.writeLoose(id, [1, 2, 3], in: scratch.path)
        try StoredBytes.writePack(
            [
                (
                    id,
                    { _ in
                        StoredBytes.entryHeader(type: 3, size: 5)
                            + StoredBytes.zlib(Array("hello".utf8))
                    }
                )
            ],
            in: scratch.path)
        #expect(try scratch.repository.readBlob(id) == Array("hello".utf8))
    }

    @Test func deltasThatAreEachOthersBaseAreDamage() throws {
        let a = name("a")
        let b = name("b")
        func delta(on base: ObjectID) -> [UInt8] {
            StoredBytes.entryHeader(type: 7, size: 3) + base.bytes + StoredBytes.zlib([1, 1, 0])
        }
        try StoredBytes.writePack(
            [(a, { _ in delta(on: b) }), (b, { _ in delta(on: a) })], in: scratch.path)
        #expect(code(a) == .corrupt)
        #expect(throws: GitError.self) { try scratch.repository.readHeader(b) }
    }

    @Test func aChainOfTwentyThousandDeltasIsNoTooDeepOne() throws {
        // Each copies its base's three bytes, so every one of them is the same object.
        let id = name("abc")
        let copy = [3, 3, 0x90, 3] as [UInt8]
        let delta = StoredBytes.zlib(copy)
        var previous = 0
        var entries: [(id: ObjectID, bytes: (Int) -> [UInt8])] = []
        entries.append(
            (
                name("base"),
                { _ in
                    StoredBytes.entryHeader(type: 3, size: 3) + StoredBytes.zlib(Array("abc".utf8))
                }
            ))
        let length = StoredBytes.entryHeader(type: 6, size: 4).count + 1 + delta.count
        previous =
            StoredBytes.entryHeader(type: 3, size: 3).count
            + StoredBytes.zlib(Array("abc".utf8)).count
        for number in 0..<20_000 {
            let distance = number == 0 ? previous : length
            let last = number == 19_999
            entries.append(
                (
                    last ? id : ObjectFormat.sha256.objectID(of: .tag, Array("\(number)".utf8)),
                    { _ in
                        StoredBytes.entryHeader(type: 6, size: 4) + StoredBytes.distance(distance)
                            + delta
                    }
                ))
        }
        try StoredBytes.writePack(entries, in: scratch.path)
        #expect(try scratch.repository.readBlob(id) == Array("abc".utf8))
        #expect(try scratch.repository.readHeader(id) == ObjectHeader(kind: .blob, size: 3))
    }

    /// A delta to a base of three bytes, and what reading it must give.
    struct DeltaCase: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var delta: [UInt8]
        var code = GitError.Code.corrupt

        static let all: [DeltaCase] = [
            DeltaCase(
                testDescription: "a result above the limit",
                delta: [3] + StoredBytes.deltaSize(1 << 40) + [1, 0], code: .tooLarge),
            DeltaCase(testDescription: "a base of another size", delta: [4, 3, 0x90, 3]),
            DeltaCase(testDescription: "a copy past the base", delta: [3, 3, 0x91, 1, 3]),
            DeltaCase(
                testDescription: "a copy of 64 KiB",
                delta: [3] + StoredBytes.deltaSize(65_536) + [0x80]),
            DeltaCase(testDescription: "an insertion past the end", delta: [3, 3, 3, 1]),
            DeltaCase(testDescription: "the reserved instruction", delta: [3, 3, 0]),
            DeltaCase(testDescription: "too little", delta: [3, 4, 0x90, 3]),
            DeltaCase(testDescription: "too much", delta: [3, 2, 0x90, 3]),
            DeltaCase(testDescription: "nothing", delta: []),
            DeltaCase(
                testDescription: "an endless size", delta: [UInt8](repeating: 0xFF, count: 12)),
            DeltaCase(testDescription: "an operand cut off", delta: [3, 3, 0xFF, 1]),
        ]
    }

    @Test(arguments: DeltaCase.all)
    func aDeltaIsHeldToItsSizes(_ row: DeltaCase) throws {
        let base = name("abc")
        let id = name("made")
        try StoredBytes.writePack(
            [
                (
                    base,
                    { _ in
                        StoredBytes.entryHeader(type: 3, size: 3)
                            + StoredBytes.zlib(Array("abc".utf8))
                    }
                ),
                (
                    id,
                    { _ in
                        StoredBytes.entryHeader(type: 7, size: row.delta.count) + base.bytes
                            + StoredBytes.zlib(row.delta)
                    }
                ),
            ], in: scratch.path)
        #expect(try scratch.repository.readBlob(base) == Array("abc".utf8))
        #expect(code(id) == row.code)
    }

    /// The start of a pack entry that can't be.
    struct EntryCase: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var entry: [UInt8]

        static let all: [EntryCase] = [
            EntryCase(
                testDescription: "a base before the pack",
                entry: StoredBytes.entryHeader(type: 6, size: 4) + StoredBytes.distance(500)),
            EntryCase(
                testDescription: "itself for a base",
                entry: StoredBytes.entryHeader(type: 6, size: 4) + [0]),
            EntryCase(testDescription: "type 0", entry: StoredBytes.entryHeader(type: 0, size: 4)),
            EntryCase(testDescription: "type 5", entry: StoredBytes.entryHeader(type: 5, size: 4)),
            EntryCase(
                testDescription: "a size without end", entry: [UInt8](repeating: 0xFF, count: 20)),
            EntryCase(
                testDescription: "a base that isn't there",
                entry: StoredBytes.entryHeader(type: 7, size: 4) + [UInt8](repeating: 9, count: 32)
            ),
            EntryCase(testDescription: "nothing", entry: []),
        ]
    }

    @Test(arguments: EntryCase.all)
    func aPackEntryMustMakeSense(_ row: EntryCase) throws {
        let id = name("x")
        try StoredBytes.writePack(
            [(id, { _ in row.entry + StoredBytes.zlib([3, 3, 0x90, 3]) })], in: scratch.path)
        #expect(code(id) == .corrupt)
    }

    @Test func aLargerObjectThanAllowedIsNeitherReadNorWritten() throws {
        let bytes = [UInt8](repeating: 65, count: 2000)
        let id = try scratch.repository.writeBlob(bytes)
        let small = try GitRepository.open(at: scratch.path, objectSizeLimit: 1999)
        for attempt in [{ _ = try small.read(id) }, { _ = try small.writeBlob(bytes + [1]) }] {
            let error = #expect(throws: GitError.self) { try attempt() }
            #expect(error?.code == .tooLarge)
        }
        #expect(try small.readHeader(id).size == 2000)
    }

    @Test func aMissingObjectIsNotFoundAndNamesItself() throws {
        let id = name("nowhere")
        #expect(code(id) == .notFound)
        #expect(try !scratch.repository.contains(id))
        // Nor is an object of the other format there.
        #expect(code(ObjectFormat.sha1.objectID(of: .blob, [])) == .notFound)
    }

    @Test func anObjectOfAnotherKindIsNotTheOneAskedFor() throws {
        let id = try scratch.repository.writeBlob([1])
        let error = #expect(throws: GitError.self) { try scratch.repository.readCommit(id) }
        #expect(error?.code == .notFound)
    }

    @Test(arguments: [
        "", "100644 a", "100644 a\0short", "10064x a\0", "0100644 a\0", "100664 a\0", "100644 \0",
        "100644 a/b\0", "100644 b\0#100644 a\0#", "100644 a\0#100644 a\0#",
        "100644 a\0#100644 a.b\0#40000 a\0#", "40000 a\0#100644 a.b\0#", "100644 \u{1}\0",
    ])
    func aTreeGitWouldNotWriteIsDamage(_ text: String) throws {
        // '#' stands for an object name.
        let bytes = text.utf8.flatMap {
            $0 == UInt8(ascii: "#") ? [UInt8](repeating: 5, count: 32) : [$0]
        }
        let id = try scratch.repository.write(.tree, Array(bytes))
        if text.isEmpty {
            #expect(try scratch.repository.readTree(id).entries.isEmpty)
        } else {
            let error = #expect(throws: GitError.self) { try scratch.repository.readTree(id) }
            #expect(error?.code == .corrupt)
        }
    }

    @Test(arguments: [
        "", "tree x\n", "tree #\n", "tree #\nauthor A <a> 1 +0000\n",
        "tree #\nauthor A a 1 +0000\ncommitter A <a> 1 +0000\n\nm",
        "tree #\nauthor A <a> x +0000\ncommitter A <a> 1 +0000\n\nm",
        "tree #\nauthor A <a> 99999999999999999999 +0000\ncommitter A <a> 1 +0000\n\nm",
        "tree #\nparent #x\nauthor A <a> 1 +0000\ncommitter A <a> 1 +0000\n\nm",
        "tree #\nauthor A <a> 1 +0000\ncommitter A <a> 1 0000\n\nm",
        "tree #\nauthor A <a> 1 +0000\ncommitter A <a> 1 +0000\nbroken\n\nm",
    ])
    func aCommitWithoutItsLinesIsDamage(_ text: String) throws {
        let hash = String(repeating: "ab", count: 32)
        let body = text.split(separator: "#", omittingEmptySubsequences: false).joined(
            separator: hash)
        let id = try scratch.repository.write(.commit, Array(body.utf8))
        let error = #expect(throws: GitError.self) { try scratch.repository.readCommit(id) }
        #expect(error?.code == .corrupt)
    }
}
