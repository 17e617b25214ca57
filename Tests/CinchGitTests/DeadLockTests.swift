import CinchGit
import Foundation
import Synchronization
import Testing

/// What a process that died left locked is nobody's; what is held, or git's, is left alone.
@Suite struct DeadLockTests {
    /// The lock files a transaction makes, and when it would first write into one.
    private static let steps = [
        "write refs/heads/main.lock", "append logs/refs/heads/main", "sync refs/heads/main.lock",
        "rename refs/heads/main",
    ]

    private static func die(at step: String, in path: String, _ id: String) throws {
        let repository = try GitRepository.open(at: path)
        let commit = try #require(ObjectID(hex: id))
        try DiskStep.$observer.withValue({ text in
            if text.replacingOccurrences(of: path + "/", with: "") == step {
                kill(getpid(), SIGKILL)
            }
        }) {
            try repository.update(
                ReferenceTransaction(
                    [.create(ReferenceName("refs/heads/main"), commit)],
                    signature: Scratch.signature, message: "dies"))
        }
    }

    @Test(arguments: steps.indices)
    func aLockWhoseHolderDiedIsTakenOver(_ index: Int) async throws {
        let scratch = try Scratch()
        let first = try scratch.commit()
        let (path, id) = (scratch.path, first.description)
        await #expect(processExitsWith: .signal(SIGKILL)) {
            [index = index as Int, path = path as String, id = id as String] in
            try Self.die(at: Self.steps[index], in: path, id)
        }
        let lock = "\(path)/refs/heads/main.lock"
        #expect(FileManager.default.fileExists(atPath: lock))
        try scratch.update(.set(ReferenceName("refs/heads/main"), to: first))
        #expect(!FileManager.default.fileExists(atPath: lock))
        let mode = try FileManager.default.attributesOfItem(atPath: "\(path)/refs/heads/main")
        #expect((mode[.posixPermissions] as? Int).map { $0 & 0o7000 } == 0)
    }

    @Test func aLockThatIsHeldIsLeftAloneInTheSameProcessToo() throws {
        let scratch = try Scratch()
        let first = try scratch.commit()
        let refusals = Mutex<[GitError.Code]>([])
        try DiskStep.$observer.withValue({ step in
            guard step.hasSuffix("write \(scratch.path)/refs/heads/main.lock") else { return }
            DiskStep.$observer.withValue(nil) {
                do {
                    try scratch.update(.create(ReferenceName("refs/heads/main"), first))
                } catch let error as GitError {
                    refusals.withLock { $0.append(error.code) }
                } catch {}
            }
        }) {
            try scratch.update(.create(ReferenceName("refs/heads/main"), first))
        }
        #expect(refusals.withLock { $0 } == [.locked])
        #expect(
            try scratch.repository.findTarget(ReferenceName("refs/heads/main")) == first)
    }

    /// Many find the same dead lock at once: each gets its turn, none removes another's.
    @Test func ofManyWhoFindADeadLockEachGetsItsTurn() throws {
        let scratch = try Scratch()
        let first = try scratch.commit()
        let errors = Mutex<[String]>([])
        for round in 0..<20 {
            let lock = "\(scratch.path)/refs/heads/b.lock"
            let descriptor = open(lock, O_WRONLY | O_CREAT | O_EXCL, 0o666 | S_ISVTX)
            #expect(descriptor >= 0)
            close(descriptor)
            DispatchQueue.concurrentPerform(iterations: 6) { number in
                do {
                    try scratch.update(
                        .set(ReferenceName("refs/heads/b"), to: first),
                        message: "round \(round), \(number)")
                } catch {
                    errors.withLock { $0.append("\(error)") }
                }
            }
        }
        #expect(errors.withLock { $0 } == [])
        #expect(!FileManager.default.fileExists(atPath: "\(scratch.path)/refs/heads/b.lock"))
    }
}
