/// What is known about the merge of two scripts.
enum MatrixAnswer: Sendable {
    /// One schema.
    case clean(Inventory)
    /// No schema, and why.
    case conflict(String)
}

extension MatrixBase {
    /// What SQLite makes of operations one after the other.
    func outcome(of operations: [MatrixOperation]) throws -> MatrixAnswer {
        var database = try MatrixDatabase(self)
        do {
            try database.run(operations)
        } catch {
            return .conflict("\(error)")
        }
        if let failure = try database.failure() { return .conflict(failure) }
        return .clean(try database.inventory())
    }
}
