import CinchSchema

/// Compiles an application's queries on what a merge makes, and on what there was.
struct QueryCheck {
    /// A query SQLite refuses afterwards.
    struct Failure {
        var query: StoredQuery
        /// What SQLite says.
        var message: String
        /// Whether it compiled before, or on the branch that is merged.
        var isBroken: Bool
    }

    private(set) var failures: [Failure] = []

    /// - Parameters:
    ///   - earlier: Schemas on which a query may have worked: before the merge, and of the branch.
    init(_ queries: [StoredQuery], earlier: [Schema], merged: Schema) throws {
        guard !queries.isEmpty else { return }
        let after = try QueryCompiler(merged)
        var before: [QueryCompiler]?
        var loose: QueryCompiler?
        for query in queries {
            guard let message = after.refusal(of: query.sql) else { continue }
            let compilers = try before ?? earlier.map { try QueryCompiler($0) }
            before = compilers
            let isBroken = compilers.contains { $0.refusal(of: query.sql) == nil }
            if !isBroken {
                // A text in double quotes that never was a name is a string.
                let compiler = try loose ?? QueryCompiler(merged, strictNames: false)
                loose = compiler
                if compiler.refusal(of: query.sql) == nil { continue }
            }
            failures.append(Failure(query: query, message: message, isBroken: isBroken))
        }
    }
}
