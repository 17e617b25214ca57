package import CinchSchema
import CinchSQLite

/// What SQLite says of a merged schema that it doesn't say of either side.
package struct MergeCheck {
    /// What works on both sides, or is new, and can't be run in the merge.
    package private(set) var conflicts: [Conflict] = []
    /// Views that select `*` and have got other columns.
    package private(set) var warnings: [MergeWarning] = []
    /// How many statements SQLite compiled: nothing that only one side's changes concern.
    package private(set) var compiledCount = 0

    /// Checks the merge of two schemas, or of parts of them.
    ///
    /// - Throws: `SQLiteError` when there is no memory for a scratch database.
    package init(base: Schema, ours: Schema, theirs: Schema, merged: Schema) throws {
        let entanglement = Entanglement(ours: ours, theirs: theirs, merged: merged)
        if !entanglement.isEmpty {
            try findFailures(
                base, ours, theirs, ours: entanglement.part(of: ours),
                theirs: entanglement.part(of: theirs), merged: entanglement.part(of: merged))
        }
        try findShapes(ours: ours, theirs: theirs, merged: merged)
    }

    private mutating func findFailures(
        _ base: Schema, _ wholeOurs: Schema, _ wholeTheirs: Schema, ours: Schema, theirs: Schema,
        merged: Schema
    ) throws {
        let after = try SemanticCheck(part: merged)
        compiledCount += after.compiled.count
        guard !after.failures.isEmpty else { return }
        let before = try [ours, theirs].map { try SemanticCheck(part: $0).failures }
        var seen: Set<Conflict> = []
        for what in after.failures.keys.sorted() {
            guard let failure = after.failures[what],
                !before.contains(where: { $0[what] != nil })
            else { continue }
            let conflict = SchemaMerge.conflict(
                about: failure.entity, reason: failure.message, base: base, ours: wholeOurs,
                theirs: wholeTheirs, merged: merged)
            if seen.insert(conflict).inserted { conflicts.append(conflict) }
        }
    }

    private mutating func findShapes(ours: Schema, theirs: Schema, merged: Schema) throws {
        let views = merged.views.filter(\.select.selectsEverything)
        guard !views.isEmpty, conflicts.isEmpty else { return }
        let (after, mine, other) = (
            try Self.shapes(merged), try Self.shapes(ours), try Self.shapes(theirs)
        )
        for view in views {
            guard let columns = after[view.name], !columns.isEmpty else { continue }
            let before = [mine[view.name], other[view.name]].compactMap(\.self)
                .first { $0 != columns }
            guard let before else { continue }
            warnings.append(
                MergeWarning(
                    .viewShape, entity: view.name.text,
                    "view '\(view.name)' selects * and has the columns"
                        + " \(columns.joined(separator: ", ")) now, before it was"
                        + " \(before.joined(separator: ", "))"))
        }
    }

    private static func shapes(_ schema: Schema) throws -> [Identifier: [String]] {
        var readable = Schema()
        readable.tables = schema.tables
        readable.virtualTables = schema.virtualTables
        readable.views = schema.views
        return try SemanticCheck(part: readable).shapes
    }
}
