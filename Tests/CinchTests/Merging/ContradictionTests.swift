import CinchSQLite
import CinchSchema
import Testing

/// CHECKs of both sides, with SQLite as the judge of what passes them.
@Suite struct ContradictionTests {
    private static let numbers = [
        "c > 5", "c >= 5", "c < 5", "c <= 5", "5 < c", "c = 5", "c IN (4, 5)", "c <> 5",
        "c NOT IN (4, 5)", "c BETWEEN 4 AND 5", "c > 4 AND c < 6", "(c = 4)", "c = -5",
        "c < -5 OR c > 6", "NOT c = 5", "c + 1 > 6", "c IS NOT 5",
    ]
    private static let texts = [
        "c = 'm'", "c > 'm'", "c <= 'm'", "c IN ('a', 'z')", "c <> 'a'", "c LIKE 'a%'",
    ]
    private static let values = [
        "-6", "-5", "0", "3.5", "4", "4.5", "5", "5.5", "6", "7", "'a'", "'m'", "'n'", "'z'", "''",
        "x'00'",
    ]

    private func warnings(_ type: String, _ ours: String, _ theirs: String) throws
        -> [MergeWarning.Kind]
    {
        let table = { (check: String) in
            try Schema(statements: [Statement(parsing: "CREATE TABLE t (c \(type)\(check))")])
        }
        return try SchemaMerge.merge(
            base: table(""), ours: table(", CHECK (\(ours))"), theirs: table(", CHECK (\(theirs))")
        ) { schema, _ in RenamedSchema(schema) }.warnings.map(\.kind)
    }

    private func passing(_ type: String, _ checks: [String]) throws -> [String] {
        let connection = try Connection()
        let list = checks.map { ", CHECK (\($0))" }.joined()
        try connection.execute("CREATE TABLE t (c \(type)\(list))")
        return Self.values.filter {
            (try? connection.execute("INSERT INTO t VALUES (\($0))")) != nil
        }
    }

    @Test(arguments: [("INTEGER", numbers), ("", numbers), ("TEXT", texts), ("TEXT", numbers)])
    func whatIsCalledAContradictionLetsNothingThrough(_ type: String, _ checks: [String]) throws {
        var found = 0
        for ours in checks {
            for theirs in checks where ours != theirs {
                let isCalled = try warnings(type, ours, theirs).contains(.contradiction)
                let rows = try passing(type, [ours, theirs])
                if isCalled {
                    found += 1
                    #expect(rows.isEmpty, "\(type): \(ours) × \(theirs)")
                }
            }
        }
        // TEXT and numbers are compared in ways that aren't looked into.
        #expect((found == 0) == (type == "TEXT" && checks == Self.numbers))
    }

    @Test(arguments: [
        ("c > 10", "c < 5"), ("c = 1", "c IN (2, 3)"), ("c > 5", "c <= 5"), ("c = 5", "c <> 5"),
        ("c BETWEEN 1 AND 2", "3 < c"), ("c > 5 AND c < 9", "(c < 5)"),
    ])
    func plainContradictionsAreFoundBothWaysRound(_ ours: String, _ theirs: String) throws {
        #expect(try warnings("INTEGER", ours, theirs).contains(.contradiction))
        #expect(try warnings("INTEGER", theirs, ours).contains(.contradiction))
    }
}
