import CinchGit
import CinchTestSupport
import Foundation
import Synchronization
import Testing

struct ReferenceRaceTests {
    private func inParallel(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
        let group = DispatchGroup()
        for number in 0..<count {
            group.enter()
            Thread.detachNewThread {
                body(number)
                group.leave()
            }
        }
        group.wait()
    }

    @Test func ofManyWritersExactlyOneWinsEachRound() throws {
        let scratch = try Scratch()
        let path = scratch.path
        var tip = try scratch.commit("start")
        try scratch.update(.create(try branch("main"), tip))
        let main = try branch("main")
        for round in 0..<5 {
            let old = tip
            let wanted = try (0..<6).map { try scratch.commit("\(round)-\($0)", parents: [old]) }
            let winners = Mutex<[ObjectID]>([])
            let losers = Mutex<[GitError.Code]>([])
            inParallel(wanted.count) { number in
                do {
                    // Half of them through repositories of their own, as other processes would.
                    let repository =
                        number % 2 == 0 ? scratch.repository : try GitRepository.open(at: path)
                    try repository.update(
                        ReferenceTransaction(
                            [.update(main, to: wanted[number], expecting: old)],
                            signature: Scratch.signature, message: "race"))
                    winners.withLock { $0.append(wanted[number]) }
                } catch let error as GitError {
                    losers.withLock { $0.append(error.code) }
                } catch {
                    Issue.record(error)
                }
            }
            let won = winners.withLock { $0 }
            #expect(won.count == 1)
            #expect(losers.withLock { $0 } == Array(repeating: .conflict, count: 5))
            tip = try #require(won.first)
            #expect(try scratch.repository.findTarget(main) == tip)
        }
        #expect(try scratch.repository.readReflog(main)?.count == 6)
    }

    @Test func differentBranchesMadeAtOnceAreAllMade() throws {
        let scratch = try Scratch()
        let first = try scratch.commit()
        let errors = Mutex<[String]>([])
        inParallel(8) { number in
            do {
                for turn in 0..<15 {
                    // Folders come and go under the others' feet.
                    let name = try branch("team/sub\(turn % 2)/b\(number)")
                    try scratch.update(.create(name, first))
                    try scratch.update(.delete(name, expecting: first))
                }
                try scratch.update(.create(try branch("team/b\(number)"), first))
            } catch {
                errors.withLock { $0.append("\(error)") }
            }
        }
        #expect(errors.withLock { $0 } == [])
        #expect(try scratch.repository.listReferences("refs/heads/team/").count == 8)
    }

    @Test func objectsWrittenByManyThreadsAreAllReadable() throws {
        let scratch = try Scratch(.sha1)
        let ids = Mutex<Set<ObjectID>>([])
        inParallel(6) { number in
            for turn in 0..<40 {
                do {
                    // Most of them are written by several threads at once.
                    let id = try scratch.repository.writeBlob(
                        Array("\(turn / (1 + number % 2))".utf8))
                    ids.withLock { _ = $0.insert(id) }
                } catch {
                    Issue.record(error)
                }
            }
        }
        let all = ids.withLock { $0 }
        #expect(all.count == 40)
        for id in all { #expect(try scratch.repository.readHeader(id).kind == .blob) }
    }
}
