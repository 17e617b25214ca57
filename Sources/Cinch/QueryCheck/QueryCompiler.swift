import CinchSQLite
import CinchSchema

/// A schema in a scratch database, for compiling statements on it; nothing is run.
struct QueryCompiler {
    private let scratch: Scratch

    /// - Parameter strictNames: Whether a text in double quotes must be a name.
    init(_ schema: Schema, strictNames: Bool = true) throws {
        scratch = try Scratch()
        let connection = scratch.connection
        try connection.execute("BEGIN")
        // What SQLite here can't make, such as a virtual table of another's module, is left out.
        for statement in schema.statements(ids: false) { _ = try? connection.execute(statement) }
        try connection.execute("COMMIT")
        if strictNames { try connection.refuseDoubleQuotedStrings() }
    }

    /// What SQLite says against a statement; absent when it compiles, or when only what the
    /// application has of its own is missing.
    func refusal(of sql: String) -> String? {
        do {
            _ = try scratch.connection.prepare("EXPLAIN " + sql)
            return nil
        } catch {
            let failure = SemanticCheck.Failure(entity: Identifier(""), message: error.message)
            return failure.isOfTheScratch ? nil : error.message
        }
    }

    /// Why a text is no single statement of SQLite's, whatever the schema; absent when it is one.
    static func malformation(of sql: String) throws -> String? {
        let statements = SQLStatements.all(Array(sql.utf8))
        guard statements.count < 2 else { return "it is more than one" }
        let message = try QueryCompiler(Schema(), strictNames: false).refusal(of: sql)
        let isMalformed = [
            "syntax error", "incomplete input", "unrecognized token", "Only one statement",
            "There is no SQL",
        ].contains { message?.contains($0) == true }
        if isMalformed { return message }
        let isQuery = statements.allSatisfy { readsOrChangesRows($0.0) }
        return isQuery ? nil : "it reads and changes no rows"
    }

    private static func readsOrChangesRows(_ sql: String) -> Bool {
        let word = sql.prefix { $0.isLetter }.uppercased()
        return ["SELECT", "INSERT", "REPLACE", "UPDATE", "DELETE", "WITH", "VALUES"].contains(word)
    }
}
