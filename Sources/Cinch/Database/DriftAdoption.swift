package import CinchGit
import CinchRepository
package import CinchSchema

/// What came of turning a tenant's drift into a branch.
package struct DriftAdoption: Hashable, Sendable {
    /// The tenant.
    package var tenant: String
    /// The branch that has its schema.
    package var branch: String
    /// The commit of that schema; its parent is the one the tenant's stamp names.
    package var commit: ObjectID
    /// What the tenant's schema differs in from its stamp's.
    package var changes: [SchemaChange]
    /// Whether the branch was made; false when it had that schema already.
    package var isNew: Bool
}

extension DriftAdoption {
    // An adoption is a commit as any other; what marks it is a trailer, as git writes those.
    private static let trailer = "Adopted-From: "

    /// The message of the commit that takes over a tenant's drift.
    static func message(tenant: String, _ changes: [SchemaChange]) -> String {
        let lines = changes.map { "- \($0.summary)" }.joined(separator: "\n")
        return "Adopt the schema of tenant '\(tenant)'\n\n"
            + (lines.isEmpty ? "" : lines + "\n\n") + trailer + tenant + "\n"
    }

    /// Whether a commit is an adoption of drift from tenants at `stamp`.
    static func isAdoption(_ commit: Commit, from stamp: ObjectID) -> Bool {
        commit.parents == [stamp]
            && commit.message.split(separator: "\n").last?.hasPrefix(trailer) == true
    }

    /// The trees of adoptions from tenants at one commit that another has in its history; none
    /// where the repository lacks one of them.
    static func trees(
        from stamp: String, in target: String, _ git: GitRepository
    ) throws -> [String] {
        guard let stamp = ObjectID(hex: stamp), let target = ObjectID(hex: target) else {
            return []
        }
        do {
            var walk = RevisionWalk(git, from: [target], excluding: [stamp])
            var trees: [String] = []
            while let entry = try walk.next() {
                if isAdoption(entry.commit, from: stamp) { trees.append(entry.commit.tree.hex) }
            }
            return trees
        } catch let error as GitError where error.code == .notFound {
            return []
        }
    }
}
