package import CinchSchema

/// The rules of `cinch check`: those of lint, and what a merge and SQLite say.
package enum CheckRule {
    /// What both sides can't have.
    package static let conflict = LintRule(
        "conflict", "What can't be merged", .error,
        why: """
            Both branches have changed the same thing, or one needs what the other dropped. Nobody but a \
            person can tell which is right.
            """,
        example: """
            -- on main
            ALTER TABLE users RENAME COLUMN name TO full_name;
            -- on the branch
            ALTER TABLE users RENAME COLUMN name TO display_name;
            """,
        fix: """
            Merge or rebase the branch, decide with `cinch resolve`, and check again. The exit status \
            is 3.
            """, isWaivable: false)

    /// What SQLite can't run afterwards, and did before or doesn't know yet.
    package static let broken = LintRule(
        "broken", "A view, trigger or table that SQLite can't run", .error,
        why: """
            SQLite takes a view on a column that isn't there and complains when it is read; a trigger \
            makes every write to its table fail.
            """,
        example: "CREATE VIEW emails AS SELECT email FROM users; -- users has no email",
        fix: "Correct it, in the same merge.")

    /// What is clean in a merge and may surprise.
    package static let mergeWarning = LintRule(
        "merge-warning", "Changes of both sides that mean something else together", .warning,
        why: """
            Each side's change is right alone, and the merge is clean; together they may do what neither \
            side expects, such as triggers that set each other off or CHECKs no value can pass.
            """,
        example: """
            -- on main
            CREATE TRIGGER up AFTER UPDATE ON a BEGIN UPDATE b SET n = n + 1; END;
            -- on the branch
            CREATE TRIGGER down AFTER UPDATE ON b BEGIN UPDATE a SET n = n - 1; END;
            """,
        fix: "Look at both changes together; `cinch merge --preview` says the same.")

    /// A query that worked, and doesn't in the merge.
    package static let queryBreaks = LintRule(
        "query-breaks", "A query of the application that the merge breaks", .error,
        why: """
            The query compiles before the merge or on the branch, and SQLite refuses it afterwards: the \
            application fails where it runs it. Queries are kept with `cinch query-check`.
            """,
        example: """
            -- the application: SELECT phone FROM users WHERE id = ?
            ALTER TABLE users DROP COLUMN phone;
            """,
        fix: """
            Change the application first, or keep what it needs; then run `cinch query-check scan` again, \
            on the branch.
            """)

    /// A query that works nowhere.
    package static let queryFails = LintRule(
        "query-fails", "A query of the application that doesn't work on either side", .info,
        why: """
            SQLite refuses it before and after: it is for another database, was broken long ago, or is no \
            query at all. Told once, where the query comes with the change.
            """,
        example: "SELECT * FROM a_table_of_another_database;",
        fix: "Correct it, or take it out with `cinch query-check remove`.")

    /// Every rule, in the order they are explained.
    package static let all =
        [conflict, broken, mergeWarning] + Lint.rules + [queryBreaks, queryFails]

    /// The rule of a code; absent when there is none.
    package static func named(_ code: String) -> LintRule? { all.first { $0.code == code } }
}
