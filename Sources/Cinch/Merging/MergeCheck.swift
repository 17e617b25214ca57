package import CinchSchema
import CinchSQLite

/// What SQLite says of a merged schema that it doesn't say of either side.
package struct MergeCheck {
    /// A view or trigger that can't be run in the merge, and couldn't on a side that has it.
    package struct Broken: Hashable, Sendable {
        /// What it is to whoever doesn't expect it.
        package var conflict: Conflict
        /// The view or trigger.
        package var entity: Identifier
        /// Who broke it; absent when it works on neither side.
        package var side: MergeSide?
        /// Whether it works in the base and on the other side.
        package var isRegression: Bool
    }

    /// What works on both sides, or is new, and can't be run in the merge.
    package private(set) var conflicts: [Conflict] = []
    /// What was broken before the merge, by a side.
    package private(set) var broken: [Broken] = []
    /// Views that select `*` and have got other columns.
    package private(set) var warnings: [MergeWarning] = []
    /// How many statements SQLite compiled: nothing that no change concerns.
    package var compiledCount: Int { compiled.count }
    private var compiled: Set<String> = []
    /// What was asked for and is among the conflicts.
    private var reported: Set<String> = []

    /// Checks the merge of schemas, or of parts of them.
    ///
    /// - Throws: `SQLiteError` when there is no memory for a scratch database.
    package init(base: Schema, ours: Schema, theirs: Schema, merged: Schema) throws {
        let sides = (base: base, ours: ours, theirs: theirs)
        let entanglement = Entanglement(ours: ours, theirs: theirs, merged: merged)
        if !entanglement.isEmpty { try findFailures(sides, merged, of: entanglement) }
        let readers = Readers(base: base, ours: ours, theirs: theirs, merged: merged)
        if !readers.isEmpty { try check(readers, sides, merged) }
    }

    private typealias Sides = (base: Schema, ours: Schema, theirs: Schema)

    private mutating func findFailures(
        _ sides: Sides, _ whole: Schema, of entanglement: Entanglement
    ) throws {
        let merged = entanglement.part(of: whole)
        let after = try SemanticCheck(part: merged)
        compiled.formUnion(after.compiled)
        guard !after.failures.isEmpty else { return }
        let before = try [sides.ours, sides.theirs].map {
            try SemanticCheck(part: entanglement.part(of: $0)).failures
        }
        for what in after.failures.keys.sorted() {
            guard let failure = after.failures[what],
                !before.contains(where: { $0[what] != nil })
            else { continue }
            reported.insert(what)
            add(conflict(failure, sides, merged))
        }
    }

    private mutating func add(_ conflict: Conflict) {
        if !conflicts.contains(conflict) { conflicts.append(conflict) }
    }

    private func conflict(_ failure: SemanticCheck.Failure, _ sides: Sides, _ merged: Schema)
        -> Conflict
    {
        SchemaMerge.conflict(
            about: failure.entity, reason: failure.message, base: sides.base, ours: sides.ours,
            theirs: sides.theirs, merged: merged)
    }

    // MARK: Views and triggers

    private mutating func check(_ readers: Readers, _ sides: Sides, _ merged: Schema) throws {
        let part = readers.part(of: merged)
        let after = try SemanticCheck(readers: part)
        compiled.formUnion(after.compiled)
        guard !after.failures.isEmpty || !after.shapes.isEmpty else { return }
        let before = try [sides.base, sides.ours, sides.theirs].map {
            try ReadersBefore(readers, of: $0)
        }
        for what in after.failures.keys.sorted() where !reported.contains(what) {
            guard let failure = after.failures[what], !failure.isOfTheScratch else { continue }
            let conflict = conflict(failure, sides, merged)
            let states = before.map { $0.state(of: failure.entity, in: what) }
            var found = Broken(conflict: conflict, entity: failure.entity, isRegression: false)
            switch (base: states[0], ours: states[1], theirs: states[2]) {
            case (.works, .fails, .works), (.works, .works, .fails):
                found.isRegression = true
            // One side repaired it, and it doesn't work all the same.
            case (.fails, .fails, .works), (.fails, .works, .fails):
                add(conflict)
                continue
            case (_, .works, .works), (_, .works, .absent), (_, .absent, .works),
                (_, .absent, .absent):
                add(conflict)
                continue
            case (.fails, _, _): continue
            case (.works, _, _), (.absent, _, _):
                // As far as is known, a text in double quotes is meant as a string here.
                guard try SemanticCheck(readers: part, strictNames: false).failures[what] != nil
                else { continue }
            }
            if states[1] != states[2] { found.side = states[1] == .fails ? .ours : .theirs }
            if !broken.contains(found) { broken.append(found) }
        }
        if conflicts.isEmpty { findShapes(after.shapes, before.dropFirst().map(\.shapes)) }
    }

    private mutating func findShapes(
        _ after: [Identifier: [String]], _ before: [[Identifier: [String]]]
    ) {
        for view in after.keys.sorted() {
            guard let columns = after[view], !columns.isEmpty,
                let old = before.compactMap({ $0[view] }).first(where: { $0 != columns })
            else { continue }
            warnings.append(
                MergeWarning(
                    .viewShape, entity: view.text,
                    "view '\(view)' selects * and has the columns"
                        + " \(columns.joined(separator: ", ")) now, before it was"
                        + " \(old.joined(separator: ", "))"))
        }
    }
}

/// What became of views and triggers on one side of a merge.
private struct ReadersBefore {
    enum State: Hashable { case works, fails, absent }

    private let schema: Schema
    private let check: SemanticCheck
    var shapes: [Identifier: [String]] { check.shapes }

    init(_ readers: Readers, of schema: Schema) throws {
        self.schema = schema
        check = try SemanticCheck(readers: readers.part(of: schema))
    }

    /// - Parameters:
    ///   - entity: What is at fault in the merge.
    ///   - what: What SQLite was asked for.
    func state(of entity: Identifier, in what: String) -> State {
        if check.failures[what] != nil { return .fails }
        let isThere =
            schema.views[entity] != nil || schema.triggers[entity] != nil
            || schema.tables[entity] != nil
        return isThere && check.compiled.contains(what) ? .works : .absent
    }
}

extension SemanticCheck.Failure {
    /// Whether an application may have what the scratch database hasn't: functions, modules and
    /// collations of its own; indexes that were not read.
    var isOfTheScratch: Bool {
        [
            "no such function", "no such module", "no such collation", "no such index",
            "no query solution", "ON CONFLICT clause does not match",
        ].contains { message.hasPrefix($0) }
    }
}
