/// A pair of operations on which the merge and SQLite differ, and should.
struct Divergence: Sendable {
    /// The labels of the two operations, whichever side did which.
    var pair: Set<String>
    /// The operations that lead to the merged schema; absent where there must be a conflict.
    var result: [String]?
    /// What is left to do after those.
    var rest: [Edit] = []
    /// Why the answer is this one.
    var reason: String

    init(
        _ first: String, _ second: String, clean result: String..., then rest: Edit...,
        because reason: String
    ) {
        pair = [first, second]
        self.result = result
        self.rest = rest
        self.reason = reason
    }

    init(_ first: String, _ second: String, conflictBecause reason: String) {
        pair = [first, second]
        self.reason = reason
    }

    private static let isGoneAlready = "what one side drops went with what the other side drops"
    private static let isAddedAlike = "one column that both sides add alike is one column"

    static let all = [
        Divergence(
            "drop users", "drop users and create it anew", clean: "drop users",
            then: .run("CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT, born TEXT)"),
            because: isGoneAlready),
        Divergence(
            "drop users", "drop the index users_email", clean: "drop users",
            because: isGoneAlready),
        Divergence(
            "drop users", "drop the view emails", clean: "drop users", because: isGoneAlready),
        Divergence(
            "drop users", "drop the trigger changed", clean: "drop users", because: isGoneAlready),
        Divergence(
            "drop users and create it anew", "drop the index users_email",
            clean: "drop users and create it anew", because: isGoneAlready),
        Divergence(
            "drop users and create it anew", "drop the trigger changed",
            clean: "drop users and create it anew", because: isGoneAlready),
        Divergence(
            "drop email", "drop the index users_email", clean: "drop email",
            because: isGoneAlready),
        Divergence(
            "drop email", "drop the view emails", clean: "drop email", because: isGoneAlready),
        Divergence(
            "drop email", "drop the trigger changed", clean: "drop email",
            because: isGoneAlready),
        Divergence(
            "drop name", "drop name and add it anew", clean: "drop name and add it anew",
            because: isGoneAlready),
        Divergence(
            "drop email", "move email to the front", clean: "drop email",
            because: "the order of columns is never a conflict"),
        Divergence(
            "add city", "add city and zip", clean: "add city and zip", because: isAddedAlike),
        Divergence(
            "add city", "add city and index it", clean: "add city and index it",
            because: isAddedAlike),
        Divergence(
            "add city and zip", "add city and index it", clean: "add city and zip",
            then: .run("CREATE INDEX users_city ON {users} (city)"), because: isAddedAlike),
        Divergence(
            "rename users to people", "rename users to people and create users anew",
            clean: "rename users to people and create users anew",
            because: "one rename that both sides make is one rename"),
        Divergence(
            "edit the view emails", "add an INSTEAD OF trigger",
            clean: "edit the view emails", "add an INSTEAD OF trigger",
            because: "only the way SQLite edits a view, DROP and CREATE, takes its triggers along"),
        Divergence(
            "age to teams", "age to teams, CASCADE",
            conflictBecause: "SQLite takes both keys of one column and runs either's action"),
        Divergence(
            "drop users and create it anew", "author CASCADE",
            conflictBecause: "nobody said that the new table may stand in for the old as a parent"),
        Divergence(
            "drop users and create it anew", "author SET NULL",
            conflictBecause: "nobody said that the new table may stand in for the old as a parent"),
    ]
}
