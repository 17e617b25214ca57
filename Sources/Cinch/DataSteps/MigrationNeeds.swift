import CinchGit
import CinchSchema

/// Which migrations of a history have to be recorded as data steps: those without whose values a
/// constraint of theirs or of a later one can't be met.
struct MigrationNeeds {
    private struct Writing {
        var subjects: Set<RowDemands.Subject> = []
        var demands: Set<RowDemands.Subject> = []
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
        writing.demands = RowDemands(from: before, to: after).subjects
        writing.computesRows = effects.history.computesRows(
            from: before, to: after, before: upcoming)
        for schema in [before, after] {
            for written in effects.history.written {
                writing.subjects.formUnion(Self.subjects(written, in: schema))
            }
        }
        writings.append(writing)
    }

    /// Whether the values each migration computes are needed, one answer for each in order.
    func answers() -> [Bool] {
        var wanted: Set<RowDemands.Subject> = []
        var answers: [Bool] = []
        for writing in writings.reversed() {
            wanted.formUnion(writing.demands)
            answers.append(writing.computesRows && !wanted.isDisjoint(with: writing.subjects))
        }
        return answers.reversed()
    }

    /// The columns behind `table` or `table.column`, by key.
    private static func subjects(_ written: String, in schema: Schema) -> [RowDemands.Subject] {
        let parts = written.split(separator: ".", maxSplits: 1).map { Identifier(String($0)) }
        guard let name = parts.first, let table = schema.tables[name], let id = table.id else {
            return []
        }
        let columns = table.columns.filter { parts.count < 2 || $0.name.matches(parts[1]) }
        return columns.compactMap(\.id).map { RowDemands.Subject(table: id, column: $0) }
    }
}
