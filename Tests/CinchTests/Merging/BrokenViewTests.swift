import Cinch
import CinchSchema
import Testing

/// A view that doesn't work keeps SQLite from renaming anything; the merge must not go wrong then.
@Suite struct BrokenViewTests {
    private static let base = """
        CREATE TABLE users(id INTEGER PRIMARY KEY, name TEXT, email TEXT);
        CREATE TABLE log(entry TEXT);
        CREATE VIEW entries AS SELECT entry FROM log;
        CREATE VIEW emails AS SELECT id, email FROM users;
        """

    /// The columns of users change names; `theirs` is another script.
    private func merge(with theirs: String) throws -> MergeOutcome {
        let (mine, base) = try SchemaInterpreter.after(Self.base)
        let other = try SchemaInterpreter(base)
        try mine.run(
            """
            ALTER TABLE users RENAME name TO x; ALTER TABLE users RENAME email TO name;
            ALTER TABLE users RENAME x TO email;
            """)
        try other.run(theirs)
        return try MergeOutcome(base: base, ours: try mine.schema(), theirs: try other.schema())
    }

    @Test func aViewBrokenBeforeKeepsNoOtherFromFollowingARename() throws {
        let outcome = try merge(with: "DROP TABLE log; CREATE VIEW names AS SELECT name FROM users")
        // That it is broken is for people to decide; the rest goes on.
        #expect(outcome.conflicts.map(\.path) == ["log"])
        #expect(outcome.conflicts.map(\.objects) == [["entries"]])
        #expect(outcome.schema.views["names"]?.select.sql == "SELECT email FROM users")
        #expect(outcome.schema.views["emails"]?.select.sql == "SELECT id, name FROM users")
    }

    @Test func aViewThatARenameBreaksIsAConflict() throws {
        let outcome = try merge(with: "CREATE VIEW addresses AS SELECT email FROM emails")
        #expect(outcome.conflicts.contains { $0.entity.contains("addresses") })
        #expect(outcome.schema.views["emails"]?.select.sql == "SELECT id, name FROM users")
    }
}
