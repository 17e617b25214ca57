import CinchGit
import CinchTestSupport
import Foundation
import Synchronization
import Testing

/// What a garbage collection leaves is what git would want it to be.
struct GarbageCollectionTests {
    private static let now = Int64(Date().timeIntervalSince1970)
    private static let day: Int64 = 86_400

    /// Collects as the command does by default.
    @discardableResult
    private func collect(
        _ sample: Sample, pruneBefore: Int64? = now - 14 * day, roots: [ObjectID] = []
    ) throws -> GarbageCollectionReport {
        try sample.reopened().collectGarbage(
            GarbageCollectionOptions(pruneBefore: pruneBefore, roots: roots), now: Self.now)
    }

    private func objects(_ sample: Sample) throws -> [String: [UInt8]] {
        let names = try sample.git.lines("rev-list", "--objects", "--all", "--no-object-names")
        var objects: [String: [UInt8]] = [:]
        let repository = try sample.reopened()
        for name in names {
            let id = try #require(ObjectID(hex: name))
            objects[name] = try repository.read(id).body
        }
        return objects
    }

    private func expectSound(_ sample: Sample) throws {
        let result = try sample.git.run(["fsck", "--strict", "--full", "--no-dangling"])
        #expect(result.status == 0, "\(String(decoding: result.error, as: UTF8.self))")
        #expect(result.output.isEmpty, "\(String(decoding: result.output, as: UTF8.self))")
    }

    private func files(_ sample: Sample, _ end: String) throws -> [String] {
        let folder = "\(sample.repository.path)/objects"
        return (FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? [])
            .filter { $0.hasSuffix(end) }.map { "\(folder)/\($0)" }
    }

    private func loosePath(_ sample: Sample, _ id: ObjectID) -> String {
        "\(sample.repository.path)/objects/\(id.hex.prefix(2))/\(id.hex.dropFirst(2))"
    }

    private func setAge(_ days: Int64, of path: String) throws {
        let date = Date(timeIntervalSince1970: TimeInterval(Self.now - days * Self.day))
        try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: path)
    }

    @Test(arguments: ObjectFormat.allCases)
    func gitReadsThePackAndNothingIsLost(_ format: ObjectFormat) throws {
        let sample = try Sample.filled(format, commits: 120)
        let before = try objects(sample)
        let references = try sample.git("for-each-ref")
        let report = try collect(sample)
        #expect(report.packed == before.count)
        #expect(report.deltas > 50)
        #expect(report.bytesAfter < report.bytesBefore)
        try expectSound(sample)
        #expect(try objects(sample) == before)
        #expect(try sample.git("for-each-ref") == references)
        let index = try #require(try files(sample, ".idx").first)
        let listed = try sample.git.lines("verify-pack", "-v", index)
        #expect(listed.last?.hasSuffix(": ok") == true)
        #expect(listed.contains { $0.hasPrefix("chain length = 2") })
        // git makes the very same index of the pack.
        let copy = sample.folder.path("copy.pack")
        try FileManager.default.copyItem(
            atPath: try #require(try files(sample, ".pack").first), toPath: copy)
        try sample.git("index-pack", "--index-version=2", copy)
        #expect(
            FileManager.default.contentsEqual(
                atPath: index, andPath: sample.folder.path("copy.idx")))
        #expect(try sample.git("count-objects").hasPrefix("0 objects"))
    }

    @Test func collectingAgainChangesNothing() throws {
        let sample = try Sample.filled(commits: 8)
        let first = try collect(sample)
        let packs = try files(sample, ".pack")
        let second = try collect(sample)
        #expect(first.pack == second.pack)
        #expect(try files(sample, ".pack") == packs)
        #expect(second.packsRemoved == 0)
        #expect(second.bytesAfter == first.bytesAfter)
        try expectSound(sample)
    }

    @Test func anEmptyRepositoryIsLeftAsItIs() throws {
        let sample = try Sample()
        let report = try collect(sample)
        #expect(report.pack == nil)
        #expect(report.packed == 0)
        try expectSound(sample)
    }

    @Test func whatGitPackedIsPackedAnewAndItsListsGo() throws {
        let sample = try Sample.filled(commits: 20)
        try sample.git("gc", "-q")
        try sample.commit(["users": "CREATE TABLE users (more);\n"], seconds: 1_700_002_000)
        try sample.git("repack", "-q", "-d")
        try sample.git("multi-pack-index", "write")
        try sample.git("commit-graph", "write", "--reachable")
        let before = try objects(sample)
        let report = try collect(sample)
        #expect(report.packsRemoved == 2)
        #expect(try files(sample, ".pack").count == 1)
        #expect(try files(sample, "multi-pack-index").isEmpty)
        try expectSound(sample)
        #expect(try objects(sample) == before)
        try sample.git("log", "--oneline")
    }

    @Test func aPackThatIsKeptStays() throws {
        let sample = try Sample.filled(commits: 6)
        try sample.git("repack", "-q", "-a", "-d")
        let pack = try #require(try files(sample, ".pack").first)
        try Data().write(to: URL(fileURLWithPath: pack.dropLast(5) + ".keep"))
        try sample.commit(["users": "CREATE TABLE users (more);\n"], seconds: 1_700_002_000)
        let report = try collect(sample)
        #expect(report.packed == 4)
        #expect(try files(sample, ".pack").count == 2)
        #expect(FileManager.default.fileExists(atPath: pack))
        try expectSound(sample)
    }

    @Test func onlyWhatIsUnreachableAndOldGoes() throws {
        let sample = try Sample.filled(commits: 4)
        let repository = sample.repository
        let old = try repository.writeBlob(Array("old".utf8))
        let young = try repository.writeBlob(Array("young".utf8))
        let named = try repository.writeBlob(Array("named by a young tree".utf8))
        let tree = try repository.writeTree(
            Tree([TreeEntry(name: "f", mode: .file, id: named)]))
        let stamped = try repository.writeBlob(Array("a tenant's".utf8))
        for id in [old, named, stamped] { try setAge(20, of: loosePath(sample, id)) }
        for id in [young, tree] { try setAge(3, of: loosePath(sample, id)) }
        // Only its log knows where a branch has been.
        let name = try ReferenceName.branch("main")
        let tip = try #require(try repository.findTarget(name))
        let base = try repository.resolve("main~1", now: 0)
        try repository.update(
            ReferenceTransaction(
                [.update(name, to: base, expecting: tip)], signature: Sample.signature(),
                message: "reset"))
        try setAge(20, of: loosePath(sample, tip))
        let report = try collect(sample, roots: [stamped])
        #expect(report.pruned == 1)
        let after = try sample.reopened()
        #expect(try !after.contains(old))
        for id in [young, named, tree, stamped, tip] { #expect(try after.contains(id)) }
        try expectSound(sample)
    }

    @Test func whatLeavesAPackKeepsItsTimeOrGoes() throws {
        for (age, isKept) in [(3, true), (20, false)] as [(Int64, Bool)] {
            let sample = try Sample.filled(commits: 4)
            let lost = try sample.commit(["lost": "CREATE TABLE lost (x);\n"], on: "gone")
            try sample.git("repack", "-q", "-a", "-d")
            for log in ["logs/refs/heads/gone", "logs/HEAD"] {
                try? FileManager.default.removeItem(atPath: "\(sample.repository.path)/\(log)")
            }
            try sample.git("update-ref", "-d", "refs/heads/gone")
            for path in try files(sample, ".pack") { try setAge(age, of: path) }
            let report = try collect(sample)
            #expect((report.unpacked > 0) == isKept)
            #expect((report.pruned > 0) == !isKept)
            #expect(try sample.reopened().contains(lost) == isKept)
            if isKept {
                let attributes = try FileManager.default.attributesOfItem(
                    atPath: loosePath(sample, lost))
                let date = try #require(attributes[.modificationDate] as? Date)
                #expect(Int64(date.timeIntervalSince1970) == Self.now - age * Self.day)
            }
            try expectSound(sample)
        }
    }

    @Test func nothingGoesWhenAReachableObjectIsMissing() throws {
        let sample = try Sample.filled(commits: 4)
        let blob = try sample.repository.resolve("main~2:tables/users.sql", now: 0)
        try FileManager.default.removeItem(atPath: loosePath(sample, blob))
        let before = try files(sample, "")
        #expect(throws: GitError.self) { try collect(sample, pruneBefore: .max) }
        #expect(try files(sample, "").sorted() == before.sorted())
    }

    /// What a damaged tree names can't be told from what nobody names.
    @Test func nothingGoesWhenWhatOnlyALogNamesIsDamaged() throws {
        let sample = try Sample.filled(commits: 4)
        let tree = try sample.repository.resolve("main^{tree}", now: 0)
        try sample.git("config", "core.logAllRefUpdates", "true")
        try sample.git("update-ref", "refs/heads/side", "main")
        try sample.git("update-ref", "refs/heads/side", "main~1")
        try sample.git("update-ref", "refs/heads/main", "main~1")
        let path = loosePath(sample, tree)
        try FileManager.default.removeItem(atPath: path)
        try Data([1, 2, 3]).write(to: URL(fileURLWithPath: path))
        let before = try files(sample, "")
        #expect(throws: GitError.self) { try collect(sample, pruneBefore: .max) }
        #expect(try files(sample, "").sorted() == before.sorted())
        // One that is gone is gone: a log may outlive what it speaks of.
        try FileManager.default.removeItem(atPath: path)
        try collect(sample)
    }

    @Test func twoCollectionsTakeTurnsWithGitsToo() throws {
        let sample = try Sample.filled(commits: 4)
        let lock = "\(sample.repository.path)/gc.pid"
        let machine = ProcessInfo.processInfo.hostName
        try Data("\(getpid()) \(machine)".utf8).write(to: URL(fileURLWithPath: lock))
        try setAge(0, of: lock)
        let error = #expect(throws: GitError.self) { try collect(sample) }
        #expect(error?.code == .locked)
        #expect(FileManager.default.fileExists(atPath: lock))
        // One that a dead process left, and an old one of another machine, are in nobody's way.
        try Data("999999999 \(machine)".utf8).write(to: URL(fileURLWithPath: lock))
        try setAge(0, of: lock)
        if ProcessInfo.processInfo.hostName == machine { try setAge(1, of: lock) }
        try collect(sample)
        #expect(!FileManager.default.fileExists(atPath: lock))
    }

    // MARK: Crashes

    @Test(arguments: ObjectFormat.allCases)
    func everyCrashLeavesEverythingReachable(_ format: ObjectFormat) throws {
        let sample = try Sample.filled(format, commits: 4)
        try sample.git("repack", "-q", "-a", "-d")
        let lost = try sample.repository.writeBlob(Array("lost".utf8))
        try setAge(20, of: loosePath(sample, lost))
        try sample.commit(["users": "CREATE TABLE users (more);\n"], seconds: 1_700_002_000)
        let wanted = try objects(sample)
        let references = try sample.git("for-each-ref")
        let copies = Mutex<[(step: String, path: String)]>([])
        let (source, folder) = (sample.repository.path, sample.folder)
        try DiskStep.$observer.withValue({ step in
            copies.withLock { copies in
                let copy = folder.path("copy-\(copies.count)")
                try? FileManager.default.copyItem(atPath: source, toPath: copy)
                copies.append((step, copy))
            }
        }) {
            _ = try collect(sample)
        }
        let taken = copies.withLock { $0 }
        #expect(taken.count > 12)
        for (step, path) in taken {
            let git = GitRunner(path)
            let result = try git.run(["fsck", "--strict", "--full", "--no-dangling"])
            #expect(
                result.status == 0,
                "before '\(step)': \(String(decoding: result.error, as: UTF8.self))")
            #expect(try git("for-each-ref") == references, "before '\(step)'")
            let repository = try GitRepository.open(at: path)
            for (name, body) in wanted {
                let id = try #require(ObjectID(hex: name))
                #expect(try repository.read(id).body == body, "before '\(step)'")
            }
        }
    }

    // MARK: Others meanwhile

    /// Somebody stores an object that is about to go, at the very moment it goes.
    @Test(arguments: [false, true])
    func whatIsStoredAgainMeanwhileStays(_ isPacked: Bool) throws {
        let sample = try Sample.filled(commits: 4)
        let text = Array("CREATE TABLE comes_back (x);\n".utf8)
        let blob = try sample.repository.writeBlob(text)
        if isPacked {
            try sample.git("update-ref", "refs/tags/blob", blob.hex)
            try sample.git("repack", "-q", "-a", "-d")
            try sample.git("update-ref", "-d", "refs/tags/blob")
            for path in try files(sample, ".pack") { try setAge(20, of: path) }
        } else {
            try setAge(20, of: loosePath(sample, blob))
        }
        let path = sample.repository.path
        let other = try GitRepository.open(at: path)
        _ = try other.read(blob)
        let stored = Mutex(0)
        let steps = Mutex<[String]>([])
        try DiskStep.$observer.withValue({ step in
            steps.withLock { $0.append(step) }
            let isMoment =
                isPacked
                ? step.hasPrefix("remove") && (step.hasSuffix(".idx") || step.hasSuffix(".pack"))
                : step == "remove \(path)/objects/\(blob.hex.prefix(2))/\(blob.hex.dropFirst(2))"
            guard isMoment else { return }
            DiskStep.$observer.withValue(nil) {
                stored.withLock { $0 += 1 }
                #expect((try? other.writeBlob(text)) == blob)
            }
        }) {
            _ = try collect(sample)
        }
        #expect(stored.withLock { $0 } > 0)
        #expect(try sample.reopened().readBlob(blob) == text)
        try expectSound(sample)
    }

    @Test func commitsGoOnWhileWeCollect() throws {
        let sample = try Sample.filled(commits: 6)
        let path = sample.repository.path
        let isDone = Mutex(false)
        let group = DispatchGroup()
        for number in 0..<3 {
            group.enter()
            Thread.detachNewThread {
                defer { group.leave() }
                do {
                    if number == 0 {
                        // git in processes of its own, at a branch of its own.
                        for turn in 0..<25 {
                            let blob = try sample.git(
                                "hash-object", "-w", "--stdin", input: Array("g\(turn)".utf8))
                            let tree = try sample.git(
                                "mktree", input: Array("100644 blob \(blob)\tf.sql\n".utf8))
                            let commit = try sample.git("commit-tree", "-m", "g\(turn)", tree)
                            try sample.git("update-ref", "refs/heads/git/\(turn)", commit)
                        }
                    } else {
                        let own = try GitRepository.open(at: path)
                        for turn in 0..<25 {
                            let blob = try own.writeBlob(Array("\(number) \(turn / 2)".utf8))
                            let tree = try own.writeTree(
                                Tree([TreeEntry(name: "f.sql", mode: .file, id: blob)]))
                            let commit = try own.writeCommit(
                                Commit(
                                    tree: tree, parents: [], author: Sample.signature(),
                                    committer: Sample.signature(), message: "\(turn)\n"))
                            try own.update(
                                ReferenceTransaction(
                                    [.create(try .branch("ours/\(number)/\(turn)"), commit)],
                                    signature: Sample.signature(), message: "x"))
                            _ = try own.readTree(own.readCommit(commit).tree)
                        }
                    }
                } catch { Issue.record(error) }
            }
        }
        Thread.detachNewThread {
            group.wait()
            isDone.withLock { $0 = true }
        }
        var rounds = 0
        while !isDone.withLock({ $0 }) || rounds == 0 {
            try collect(sample)
            rounds += 1
        }
        try collect(sample)
        try expectSound(sample)
        #expect(
            try sample.git.lines("for-each-ref", "refs/heads/git", "refs/heads/ours").count == 75)
    }

    // MARK: Counting

    @Test func objectsAreCountedAsGitCountsThem() throws {
        let sample = try Sample.filled(commits: 5)
        func expectSame() throws {
            let count = try sample.reopened().countObjects()
            let lines = [
                "count: \(count.loose)", "size: \(count.looseBytes / 1024)",
                "in-pack: \(count.packed)", "packs: \(count.packs)",
                "size-pack: \(count.packBytes / 1024)", "prune-packable: \(count.prunable)",
                "garbage: \(count.garbage.count)", "size-garbage: \(count.garbageBytes / 1024)",
            ]
            #expect(try sample.git.lines("count-objects", "-v") == lines)
        }
        try expectSame()
        try sample.git("repack", "-q", "-a")
        try expectSame()
        let pack = "\(sample.repository.path)/objects/pack"
        for name in ["tmp_pack_x", "pack-1.pack", "pack-2.idx", "other", "pack-3.keep"] {
            try Data([1, 2, 3]).write(to: URL(fileURLWithPath: "\(pack)/\(name)"))
        }
        try expectSame()
        try sample.commit(["users": "CREATE TABLE users (more);\n"], seconds: 1_700_002_000)
        try expectSame()
    }
}
