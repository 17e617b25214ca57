import Cinch
import CinchSchema
import Synchronization

/// Scripts of operations against one another on one base.
struct MergeMatrix: Sendable {
    /// A script that can be run on the base, and what the base is like afterwards.
    private struct Side {
        var operations: [MatrixOperation]
        var ours: Schema
        var theirs: Schema
        var inventory: Inventory
    }

    /// What comes of two scripts, one after the other and merged.
    struct Attempt: Sendable {
        var inOrder: MatrixAnswer
        var merged: MatrixAnswer
    }

    /// Schemas under other names; many pairs ask for the same.
    private final class Renamed: Sendable {
        private struct Key: Hashable {
            var schema: Schema
            var renaming: Renaming
        }

        private let known = Mutex<[Key: RenamedSchema]>([:])

        func schema(_ schema: Schema, by renaming: Renaming) throws -> RenamedSchema {
            let key = Key(schema: schema, renaming: renaming)
            if let renamed = known.withLock({ $0[key] }) { return renamed }
            let renamed = try renaming.rename(schema)
            known.withLock { $0[key] = renamed }
            return renamed
        }
    }

    let base: MatrixBase
    private let renamed = Renamed()
    private let schema: Schema
    private let sides: [Side]

    /// Tries each script alone; what doesn't work alone can't be merged.
    init(_ base: MatrixBase, scripts: [[MatrixOperation]]) throws {
        self.base = base
        let schema = try MatrixDatabase(base).schema().identified(from: 1)
        self.schema = schema
        sides = try scripts.compactMap { operations in
            var database = try MatrixDatabase(base, identities: schema)
            guard (try? database.run(operations)) != nil, try database.failure() == nil else {
                return nil
            }
            let changed = try database.schema()
            return Side(
                operations: operations, ours: changed.identified(from: 1000),
                theirs: changed.identified(from: 2000), inventory: try database.inventory())
        }
    }

    /// The scripts that work on the base, by their places in the matrix.
    var labels: [String] {
        sides.map { $0.operations.map(\.label).joined(separator: " and ") }
    }

    /// The script in one place as ours, against that in another as theirs.
    func attempt(_ ours: Int, _ theirs: Int) throws -> Attempt {
        Attempt(
            inOrder: try base.outcome(of: sides[ours].operations + sides[theirs].operations),
            merged: try merged(sides[ours], sides[theirs]))
    }

    /// All attempts, judged.
    func pairs(_ attempts: [[Attempt]]) throws -> [MatrixPair] {
        let labels = labels
        return try sides.indices.flatMap { ours in
            try sides.indices.map { theirs in
                MatrixPair(
                    base: base.label, ours: labels[ours], theirs: labels[theirs],
                    expected: ours == theirs
                        // What both sides did is done once.
                        ? .clean(sides[ours].inventory)
                        : try agreement(
                            attempts[ours][theirs].inOrder, attempts[theirs][ours].inOrder),
                    actual: attempts[ours][theirs].merged)
            }
        }
    }

    // MARK: The oracle

    private func agreement(_ forth: MatrixAnswer, _ back: MatrixAnswer) throws -> MatrixAnswer {
        guard case .clean(let schema) = forth else { return forth }
        guard case .clean(let other) = back else { return back }
        return try schema.isSame(as: other) ? forth : .conflict("the order matters")
    }

    // MARK: The merge

    private func merged(_ ours: Side, _ theirs: Side) throws -> MatrixAnswer {
        let outcome = try MergeOutcome(
            base: schema, ours: ours.ours, theirs: theirs.theirs, rename: renamed.schema(_:by:))
        guard outcome.conflicts.isEmpty else {
            return .conflict(outcome.conflicts.map(\.summary).joined(separator: " | "))
        }
        return .clean(Inventory(outcome.schema.statements(ids: false)))
    }
}

extension Schema {
    /// The schema with ids, counted up from `first`, on what has none.
    fileprivate func identified(from first: UInt32) -> Schema {
        var copy = self
        var next = first
        func number() -> StableID {
            defer { next += 1 }
            return StableID(next)
        }
        copy.tables = tables.mapValues { table in
            var table = table
            table.id = table.id ?? number()
            for place in table.columns.indices where table.columns[place].id == nil {
                table.columns[place].id = number()
            }
            return table
        }
        return copy
    }
}
