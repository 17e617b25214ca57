package import CinchSchema
import CinchSQLite

/// Merges one file as git asks a merge driver to: `%O`, `%A` and `%B` are files, and what comes
/// of it is written to `%A` (gitattributes(5), "Defining a custom merge driver").
package struct MergeDriver: Sendable {
    /// The path of the merge base's text, `%O`.
    package var base: String
    /// The path of our text, `%A`, which is replaced by the result.
    package var ours: String
    /// The path of their text, `%B`.
    package var theirs: String

    /// What is in our file now.
    package enum Result: Sendable {
        /// The merge of both; the notes say what people should know.
        case merged(notes: [String])
        /// The merge with markers around what is in conflict.
        case conflicts([Conflict])
        /// What git makes of the lines, since a text is no schema, and the status it ended with:
        /// 0 is clean.
        case byLines(reason: String, status: Int32)
    }

    /// Names the three files.
    package init(base: String, ours: String, theirs: String) {
        self.base = base
        self.ours = ours
        self.theirs = theirs
    }

    /// Merges, and replaces our file in one step.
    ///
    /// - Throws: `CinchError` when a file can't be read or written or git can't be run; our file
    ///   is what it was then.
    package func run() throws -> Result {
        let texts = ThreeWay(
            base: try TextReplacement.read(base), ours: try TextReplacement.read(ours),
            theirs: try TextReplacement.read(theirs))
        let lines = LineMerge(beside: ours)
        do {
            let outcome = try SchemaFileMerge.merge(
                base: texts.base ?? [], ours: texts.ours ?? [], theirs: texts.theirs ?? [],
                with: SchemaFileMerge.Tools(
                    rename: { try $1.rename($0) }, check: Self.check,
                    mergeLines: { try? lines.merge(base: $0, ours: $1, theirs: $2) }))
            if outcome.text != texts.ours { try TextReplacement.replace(ours, with: outcome.text) }
            return outcome.conflicts.isEmpty
                ? .merged(notes: outcome.notes) : .conflicts(outcome.conflicts)
        } catch let refusal as SchemaFileMerge.Refusal {
            let (text, status) = try lines.run(base: base, ours: ours, theirs: theirs)
            // Above 127 git itself has failed, and has written nothing to go by.
            if status <= 127 { try TextReplacement.replace(ours, with: text) }
            return .byLines(
                reason: "\(refusal.side), line \(refusal.line): \(refusal.reason)",
                status: min(status, 127))
        }
    }

    /// What SQLite can't run in the merged schema and can in the sides.
    ///
    /// A file may be part of a schema: where a side can't be built alone, nothing is said.
    private static func check(
        _ base: Schema, _ ours: Schema, _ theirs: Schema, _ merged: Schema
    ) -> [Conflict] {
        for side in [base, ours, theirs] {
            guard (try? Scratch(statements: side.statements(ids: false))) != nil else { return [] }
        }
        let check = try? MergeCheck(base: base, ours: ours, theirs: theirs, merged: merged)
        return check?.conflicts ?? []
    }
}
