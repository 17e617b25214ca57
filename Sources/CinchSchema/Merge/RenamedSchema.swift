/// A schema under other names.
public struct RenamedSchema: Hashable, Sendable {
    /// A view or trigger that worked, and whose text couldn't be rewritten.
    public struct Refusal: Hashable, Sendable {
        /// The view or trigger.
        public var entity: Identifier
        /// Why not, in SQLite's words.
        public var reason: String

        /// Makes a refusal.
        public init(entity: Identifier, reason: String) {
            self.entity = entity
            self.reason = reason
        }
    }

    /// The schema; what was refused has its old text.
    public var schema: Schema
    /// What could not be rewritten.
    public var refusals: [Refusal]

    /// Makes a schema under other names, all of it rewritten unless told otherwise.
    public init(_ schema: Schema, refusals: [Refusal] = []) {
        self.schema = schema
        self.refusals = refusals
    }
}

extension SchemaMerge {
    /// Merges three schemas with a renamer that rewrites everything or fails.
    public static func merge(
        base: Schema, ours: Schema, theirs: Schema,
        decisions: MergeDecisions = MergeDecisions(),
        rename: (Schema, Renaming) throws -> Schema
    ) throws -> MergeOutcome {
        try merge(base: base, ours: ours, theirs: theirs, decisions: decisions) {
            RenamedSchema(try rename($0, $1))
        }
    }

    /// What SQLite could not rewrite for new names and is in the result all the same: it names
    /// other things now than it did on its side.
    mutating func findUnwritten(_ refusals: [RenamedSchema.Refusal], of side: MergeSide) {
        let schema = side == .ours ? ours : theirs
        for refusal in refusals {
            let (view, trigger) = (schema.views[refusal.entity], schema.triggers[refusal.entity])
            guard
                view != nil && result.views[refusal.entity] == view
                    || trigger != nil && result.triggers[refusal.entity] == trigger
            else { continue }
            let text = { (schema: Schema) in
                schema.views[refusal.entity]?.ddl ?? schema.triggers[refusal.entity]?.ddl
            }
            ledger.add(
                Conflict(
                    .semantic, entity: refusal.entity.text,
                    sides: ThreeWay(base: text(base), ours: text(ours), theirs: text(theirs)),
                    reason: refusal.reason))
        }
    }
}
