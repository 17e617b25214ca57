import CinchGit
import CinchTestSupport
import Testing

/// `main@{date}` finds what main was at that time.
struct RevisionDateTests {
    /// Ten moves of main, one a day at noon UTC from 2026-01-01 on.
    private let scratch: Scratch
    private let commits: [ObjectID]
    private static let firstNoon: Int64 = 1_767_268_800

    init() throws {
        scratch = try Scratch()
        var commits: [ObjectID] = []
        for day in 0..<10 {
            commits.append(try scratch.commit("day \(day)"))
            try scratch.repository.update(
                ReferenceTransaction(
                    [.set(try branch("main"), to: commits[day])],
                    signature: Signature(
                        name: "A", email: "a@b", seconds: Self.firstNoon + Int64(day) * 86_400),
                    message: "day \(day)"))
        }
        self.commits = commits
    }

    // It is 2026-01-10 18:00 UTC.
    private static let now = firstNoon + 9 * 86_400 + 6 * 3600

    @Test(arguments: [
        ("now", 9), ("yesterday", 8), ("1 day ago", 8), ("3 days ago", 6), ("3.days.ago", 6),
        ("two days ago", 7), ("1 week ago", 2), ("last week", 2), ("24 hours ago", 8),
        ("1 day 7 hours ago", 7), ("2026-01-04", 3), ("2026-01-04 11:59", 2),
        ("2026-01-04 12:00", 3), ("2026-01-04 12:00:00", 3), ("2026-01-04T11:59:59Z", 2),
        ("2026-01-04T12:00:00Z", 3), ("2026-01-04T13:00:00+01:00", 3),
        ("2026-01-04T12:59:59+0100", 2), ("2026-01-04 12:00:00 +0000", 3),
        ("2026-01-04T07:00:00.250-05", 3), ("2026-01-04 noon", 3), ("2026-01-04 midnight", 2),
        ("yesterday noon", 8), ("2030-01-01", 9), ("1767355200", 1),
    ])
    func aDateFindsWhatTheBranchWasThen(_ text: String, _ day: Int) throws {
        for name in ["main", "", "HEAD", "refs/heads/main"] {
            let found = try scratch.repository.resolve("\(name)@{\(text)}", now: Self.now)
            #expect(found == commits[day])
        }
    }

    @Test func aTimeWithoutAZoneIsLocal() throws {
        let repository = scratch.repository
        let text = "main@{2026-01-04 13:30}"
        #expect(try repository.resolve(text, now: Self.now, offsetMinutes: 120) == commits[2])
        #expect(try repository.resolve(text, now: Self.now, offsetMinutes: 60) == commits[3])
    }

    @Test(arguments: [
        "gestern", "2026-02-30", "2026-13-01", "26-01-01", "2026-01-04 25:00", "3 days of",
        "days ago", "ago", "2026-01-01 2026-01-02", "12:00 13:00", "99999999999999999999 days ago",
        "", " ", "2026-01-04 +0100",
    ])
    func whatGitWouldGuessAtIsRefused(_ text: String) throws {
        let error = #expect(throws: GitError.self) {
            try scratch.repository.resolve("main@{\(text)}", now: Self.now)
        }
        #expect(error?.code == .invalidName)
    }

    @Test func aDateBeforeTheLogIsNotFoundRatherThanTheFirstEntry() throws {
        let error = #expect(throws: GitError.self) {
            try scratch.repository.resolve("main@{2025-12-31}", now: Self.now)
        }
        #expect(error?.code == .notFound)
        #expect(error?.message.contains("10 entries") == true)
    }
}
