import Cinch
import CinchSchema

extension MergeOutcome {
    /// What `CinchDatabase.preview` says of commits with these schemas.
    init(
        base: Schema, ours: Schema, theirs: Schema,
        rename: (Schema, Renaming) throws -> RenamedSchema = { try $1.rename($0) }
    ) throws {
        self = try SchemaMerge.merge(base: base, ours: ours, theirs: theirs, renaming: rename)
        guard conflicts.isEmpty else { return }
        let check = try MergeCheck(base: base, ours: ours, theirs: theirs, merged: schema)
        conflicts = check.conflicts + check.broken.map(\.conflict)
    }
}
