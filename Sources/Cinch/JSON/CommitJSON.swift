package import CinchGit
import CinchRepository

extension RevisionWalk.Entry {
    /// The commit's members as JSON.
    package var jsonMembers: [JSONValue.Member] {
        let person = { (signature: Signature) in
            JSONValue.object([
                .init("name", .string(signature.name)), .init("email", .string(signature.email)),
                .init(
                    "date",
                    .string(
                        Timestamp(
                            seconds: signature.seconds, offsetMinutes: signature.offsetMinutes
                        ).isoText)),
            ])
        }
        return [
            .init("commit", .string(id.hex)),
            .init("tree", .string(commit.tree.hex)),
            .init("parents", .array(commit.parents.map { .string($0.hex) })),
            .init("author", person(commit.author)),
            .init("committer", person(commit.committer)),
            .init("message", .string(commit.message)),
        ]
    }
}
