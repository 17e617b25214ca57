/// Something that is wrong in a repository.
package struct IntegrityFinding: Hashable, Sendable {
    /// What it is about: `commit 1a2b…`, `refs/heads/main`, `tenant 'acme'`, a pack's path.
    package var subject: String
    /// What is wrong with it, to follow the subject and a colon.
    package var message: String

    package init(_ subject: String, _ message: String) {
        self.subject = subject
        self.message = message
    }
}

/// What looking at every object and reference has shown.
package struct IntegrityReport: Sendable {
    /// What is wrong.
    package var findings: [IntegrityFinding] = []
    /// How many different objects there are.
    package var objects = 0
    /// Objects that nothing leads to, not even another such object: in name order.
    package var dangling: [(id: ObjectID, kind: ObjectKind)] = []
    /// Every reachable commit's tree, each once, with the newest commit that has it.
    package var trees: [(tree: ObjectID, commit: ObjectID)] = []
}
