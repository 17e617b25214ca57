import CinchGit
import CinchTestSupport
import Testing

/// Walks and merge bases agree with `git rev-list` and `git merge-base` on random histories.
struct HistoryAgreementTests {
    private struct Generator: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return z ^ (z >> 31)
        }
    }

    private func history(
        _ sample: Sample, seed: UInt64, count: Int, skewed: Bool
    ) throws -> [ObjectID] {
        var random = Generator(state: seed)
        let tree = try sample.repository.writeTree(Tree([]))
        var ids: [ObjectID] = []
        for number in 0..<count {
            let wanted = ids.isEmpty ? 0 : [1, 1, 2, 2, 3, 0].randomElement(using: &random) ?? 1
            let parents = Set(
                (0..<wanted).compactMap { _ in ids.suffix(8).randomElement(using: &random) })
            let seconds = skewed ? Int64.random(in: 1...200, using: &random) : Int64(number / 2)
            let signature = Signature(
                name: "A", email: "a@b", seconds: 1_600_000_000 + seconds)
            ids.append(
                try sample.repository.writeCommit(
                    Commit(
                        tree: tree, parents: parents.sorted(), author: signature,
                        committer: signature, message: "commit \(number)\n")))
        }
        try sample.repository.sync()
        return ids
    }

    @Test(arguments: [1, 2, 3, 4, 5, 6] as [UInt64], [false, true])
    func mergeBasesAndAncestryAgree(_ seed: UInt64, skewed: Bool) throws {
        let sample = try Sample(seed % 2 == 0 ? .sha1 : .sha256)
        let ids = try history(sample, seed: seed, count: 40, skewed: skewed)
        var random = Generator(state: seed &+ 100)
        var several = 0
        for _ in 0..<25 {
            let a = try #require(ids.suffix(15).randomElement(using: &random))
            let b = try #require(ids.randomElement(using: &random))
            let theirs = try sample.git.run(["merge-base", "--all", a.hex, b.hex])
            let expected = String(decoding: theirs.output, as: UTF8.self)
                .split(separator: "\n").map(String.init)
            let ours = try sample.repository.mergeBases(a, b).map(\.hex)
            #expect(ours.sorted() == expected.sorted())
            several += ours.count > 1 ? 1 : 0
            let ancestry = try sample.git.run(["merge-base", "--is-ancestor", a.hex, b.hex])
            #expect(try sample.repository.isAncestor(a, of: b) == (ancestry.status == 0))
        }
    }

    @Test(arguments: [11, 12, 13, 14] as [UInt64])
    func walksListTheSameCommitsInTheSameOrder(_ seed: UInt64) throws {
        let sample = try Sample(seed % 2 == 0 ? .sha1 : .sha256)
        let ids = try history(sample, seed: seed, count: 60, skewed: false)
        var random = Generator(state: seed)
        for _ in 0..<10 {
            let tip = try #require(ids.suffix(10).randomElement(using: &random))
            let base = try #require(ids.randomElement(using: &random))
            for (order, option) in [
                (RevisionWalk.Order.date, "--date"), (.topological, "--topo-order"),
            ] {
                let flag = option == "--date" ? [] : [option]
                for (excluded, range) in [([], tip.hex), ([base], "\(base)..\(tip)")] {
                    let theirs = String(
                        decoding: try sample.git.bytes(["rev-list"] + flag + [range]),
                        as: UTF8.self
                    ).split(separator: "\n").map(String.init)
                    var walk = RevisionWalk(
                        sample.repository, from: [tip], excluding: excluded, order: order)
                    #expect(try walk.all().map(\.id.hex) == theirs, "\(option) \(range)")
                }
            }
        }
    }

    @Test(arguments: [21, 22, 23] as [UInt64])
    func anExcludedCommitStaysOutHoweverWrongTheClocks(_ seed: UInt64) throws {
        let sample = try Sample()
        let ids = try history(sample, seed: seed, count: 50, skewed: true)
        func ancestors(_ id: ObjectID) throws -> Set<ObjectID> {
            var found: Set<ObjectID> = [id]
            var waiting = [id]
            while let next = waiting.popLast() {
                for parent in try sample.repository.readCommit(next).parents
                where found.insert(parent).inserted {
                    waiting.append(parent)
                }
            }
            return found
        }
        for tip in ids.suffix(8) {
            for base in ids.suffix(20) {
                var walk = RevisionWalk(sample.repository, from: [tip], excluding: [base])
                let listed = try walk.all().map(\.id)
                #expect(Set(listed) == (try ancestors(tip)).subtracting(try ancestors(base)))
                #expect(Set(listed).count == listed.count)
            }
        }
    }

    @Test func listingTenCommitsReadsAboutTen() throws {
        let sample = try Sample.filled(commits: 60)
        let repository = try sample.reopened()
        let tip = try repository.resolve("main", now: 0)
        let before = repository.objectsRead
        var walk = RevisionWalk(repository, from: [tip], limit: 10)
        #expect(try walk.all().count == 10)
        #expect(repository.objectsRead - before <= 14)
    }
}
