package import CinchGit
import CinchRepository

extension CinchDatabase {
    /// Every tag and the commit it leads to, in name order.
    package func tags() throws -> [(name: String, commit: ObjectID)] {
        try history.git.listReferences("refs/tags/").map { reference in
            (reference.name.shortName, try history.git.peel(reference.id, to: nil))
        }
    }

    /// Puts a tag on a commit: a reference alone, or with a message a tag object.
    package func createTag(_ name: String, at revision: String, message: String?) throws -> ObjectID
    {
        let reference = try ReferenceName.tag(name)
        let commit = try commit(revision)
        guard try history.git.findReference(reference) == nil else {
            throw CinchError(
                code: .exists, message: "There is a tag '\(name)' already",
                hint: "Choose another name, or run 'cinch tag -d \(name)' first.")
        }
        var target = commit
        if let message {
            target = try history.git.writeTag(
                Tag(
                    object: commit, kind: .commit, name: name, tagger: signature(),
                    message: message.hasSuffix("\n") ? message : message + "\n"))
        }
        try move([.create(reference, target)], message: "tag: \(name)")
        return commit
    }

    /// Deletes a tag; the commit stays.
    package func deleteTag(_ name: String) throws {
        let reference = try ReferenceName.tag(name)
        guard let target = try history.git.findTarget(reference) else {
            throw CinchError(
                code: .notFound, message: "There is no tag '\(name)'", hint: "See 'cinch tag'.")
        }
        try move([.delete(reference, expecting: target)], message: "tag: deleted")
    }
}
