package import CinchSchema

/// What tenants are to be brought to: a commit's schema.
package struct MaterializationTarget: Hashable, Sendable {
    /// The commit and tree to stamp tenants with.
    package var stamp: TenantStamp
    /// The tree's schema, with its ids.
    package var schema: Schema

    /// Builds a target from its parts.
    package init(commit: String, tree: String, schema: Schema) {
        stamp = TenantStamp(commit: commit, tree: tree)
        self.schema = schema
    }
}

/// One tenant file to be brought along.
package struct TenantFile: Hashable, Sendable {
    /// The name in reports.
    package var name: String
    /// The database file.
    package var path: String

    /// Builds a file from its parts.
    package init(name: String, path: String) {
        self.name = name
        self.path = path
    }
}
