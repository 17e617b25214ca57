import CinchGit
package import CinchRepository
import CinchSchema

extension CinchDatabase {
    /// Who last changed what of a table, view, index or trigger, or of one column.
    ///
    /// - Parameter path: `users`, `users.email`.
    /// - Throws: `CinchError` with `.notFound` when the revision's schema has no such thing.
    package func blame(_ path: String, at revision: String = "HEAD") throws -> Blame {
        let commit = try commit(revision)
        let schema = try history.schema(of: commit)
        let (name, column) = EntityPath.split(path, in: schema)
        guard var blame = try history.blame(name, at: commit) else {
            let shown = TerminalText.escaped(name.text)
            throw CinchError(
                code: .notFound, message: "There is no '\(shown)' at '\(revision)'",
                hint: Suggestion.hint(
                    for: name.text, among: schema.entityNames,
                    otherwise: "See 'cinch schema \(revision)' for what there is."))
        }
        guard let column else { return blame }
        blame.lines = blame.lines.filter {
            $0.kind == "column" && Identifier($0.name).matches(column)
        }
        guard blame.lines.isEmpty else { return blame }
        throw CinchError(
            code: .notFound, message: "Table '\(blame.name)' has no column '\(column)'",
            hint: "See 'cinch column list \(blame.name)'.")
    }
}
