import CinchGit
import CinchSchema

/// Which migrations of a history have to be recorded as data steps: those without whose values a
/// constraint of theirs or of a later one can't be met.
struct MigrationNeeds {
    private struct Writing {
        var columns: Set<RowDemands.Column> = []
        var demands: Set<RowDemands.Column> = []
        var computesRows = false
    }

    private var writings: [Writing] = []

    /// Takes in the next migration.
    ///
    /// - Parameters:
    ///   - before: The schema it found.
    ///   - after: The schema it left, every table and column with an identity.
    mutating func record(
        _ effects: SchemaInterpreter.Effects, from before: Schema, to after: Schema,
        before upcoming: UpcomingStatements
    ) {
        var writing = Writing()
        writing.demands = RowDemands(from: before, to: after).columns
        writing.computesRows = effects.history.computesRows(
            from: before, to: after, before: upcoming)
        for schema in [before, after] {
            for written in effects.history.written {
                writing.columns.formUnion(Self.columns(of: written, in: schema))
            }
        }
        writings.append(writing)
    }

    /// Whether the values each migration computes are needed, one answer for each in order.
    func answers() -> [Bool] {
        var wanted: Set<RowDemands.Column> = []
        var answers: [Bool] = []
        for writing in writings.reversed() {
            wanted.formUnion(writing.demands)
            answers.append(writing.computesRows && !wanted.isDisjoint(with: writing.columns))
        }
        return answers.reversed()
    }

    /// The columns, by identity, that are meant.
    private static func columns(
        of written: RowSubject, in schema: Schema
    ) -> [RowDemands.Column] {
        guard let table = schema.tables[written.table], let id = table.id else { return [] }
        let columns = table.columns.filter { written.column.map($0.name.matches) ?? true }
        return columns.compactMap(\.id).map { RowDemands.Column(table: id, column: $0) }
    }
}
