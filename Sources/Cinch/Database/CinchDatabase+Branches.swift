package import CinchGit
import CinchMaterializer
import CinchRepository
package import CinchSchema

extension CinchDatabase {
    /// The branch HEAD is on.
    package func currentBranch() throws -> ReferenceName {
        guard let branch = try history.git.currentBranch() else {
            throw CinchError(
                code: .failed, message: "HEAD is on no branch",
                hint: "Run 'cinch branch switch NAME'.")
        }
        return branch
    }

    /// The commit a branch is at.
    package func branchTip(_ branch: ReferenceName) throws -> ObjectID {
        guard let tip = try history.git.findTarget(branch) else {
            throw CinchError(
                code: .notFound, message: "There is no branch '\(branch.shortName)'",
                hint: Suggestion.hint(
                    for: branch.shortName, among: try branches().map(\.name),
                    otherwise: "See 'cinch branch list'."))
        }
        return tip
    }

    /// Every branch and the commit it is at, in name order.
    package func branches() throws -> [(name: String, commit: ObjectID)] {
        try history.git.listReferences("refs/heads/").map { ($0.name.shortName, $0.id) }
    }

    /// Writes one reference and its reflog line.
    package func createBranch(_ name: String, from revision: String = "HEAD") throws -> ObjectID {
        let branch = try ReferenceName.branch(name)
        let tip = try commit(revision)
        guard try history.git.findTarget(branch) == nil else { throw Self.isTaken(name) }
        try move([.create(branch, tip)], message: "branch: Created from \(revision)")
        return tip
    }

    private static func isTaken(_ name: String) -> CinchError {
        CinchError(
            code: .exists, message: "There is a branch '\(name)' already",
            hint: "Choose another name, or run 'cinch branch switch \(name)'.")
    }

    /// Puts HEAD on a branch.
    package func switchBranch(_ name: String) throws {
        let branch = try ReferenceName.branch(name)
        _ = try branchTip(branch)
        let old = try currentBranch()
        guard old != branch else { return }
        try move(
            [.setSymbolic(.head, to: branch, expecting: .symbolic(old))],
            message: "checkout: moving from \(old.shortName) to \(name)")
    }

    /// Deletes a branch and its previews.
    ///
    /// - Parameter force: Also when its commits are not in the deploy branch.
    package func deleteBranch(_ name: String, force: Bool) throws {
        let branch = try ReferenceName.branch(name)
        let tip = try branchTip(branch)
        guard name != deployBranch else {
            throw CinchError(
                code: .refused, message: "Branch '\(name)' is the one tenants follow",
                hint: "Set another deploy_branch in .cinch/config.toml first.")
        }
        guard try currentBranch() != branch else {
            throw CinchError(
                code: .refused, message: "Branch '\(name)' is the current one",
                hint: "Run 'cinch branch switch \(deployBranch)' first.")
        }
        let deployed = try branchTip(.branch(deployBranch))
        guard try force || history.git.isAncestor(tip, of: deployed) else {
            throw CinchError(
                code: .refused,
                message: "Branch '\(name)' has commits that are not in"
                    + " '\(deployBranch)'",
                hint: "Merge it, or delete it all the same with --force.")
        }
        try move([.delete(branch, expecting: tip)], message: "branch: deleted")
        try tenants().previews.discard(branch: name)
    }

    /// Renames a branch, its reflog included.
    package func renameBranch(_ old: String, to new: String) throws {
        guard old != deployBranch else {
            throw CinchError(
                code: .refused, message: "Branch '\(old)' is the one tenants follow",
                hint: "Set another deploy_branch in .cinch/config.toml first.")
        }
        let (branch, target) = (try ReferenceName.branch(old), try ReferenceName.branch(new))
        let tip = try branchTip(branch)
        guard try history.git.findTarget(target) == nil else { throw Self.isTaken(new) }
        let isCurrent = try currentBranch() == branch
        try history.git.renameBranch(branch, to: target, signature: signature())
        var moves = [
            Operation.Move(name: branch, old: .direct(tip), new: nil),
            Operation.Move(name: target, old: nil, new: .direct(tip)),
        ]
        if isCurrent {
            moves.append(
                Operation.Move(name: .head, old: .symbolic(branch), new: .symbolic(target)))
        }
        record(moves, message: "branch: renamed \(old) to \(new)")
        try tenants().previews.discard(branch: old)
    }

    /// What a branch has changed since it left another.
    package func changes(of branch: String, since other: String) throws -> SchemaDiff {
        let tip = try commit(branch)
        let bases = try history.git.mergeBases(tip, commit(other))
        let base = try bases.first.map { try history.schema(of: $0) } ?? Schema()
        return SchemaDiff(from: base, to: try history.schema(of: tip))
    }
}
