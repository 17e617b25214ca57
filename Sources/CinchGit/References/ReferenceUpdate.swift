/// One change to one reference, with what must be true of it beforehand.
///
/// Where the name is a symbolic reference, `create`, `update`, `set` and `verify` are about the
/// reference it leads to, as in `git update-ref`; `delete` and `setSymbolic` are about itself.
package enum ReferenceUpdate: Hashable, Sendable {
    /// There must be none yet.
    case create(ReferenceName, ObjectID)
    /// It must hold `expecting`.
    case update(ReferenceName, to: ObjectID, expecting: ObjectID)
    /// Whatever it holds, if it exists.
    case set(ReferenceName, to: ObjectID)
    /// It must exist, and hold `expecting` unless that is nil.
    case delete(ReferenceName, expecting: ObjectID?)
    /// Points it at another reference; it must hold `expecting` unless that is nil.
    case setSymbolic(ReferenceName, to: ReferenceName, expecting: Reference?)
    /// Changes nothing; it must hold `expecting`, or not exist where that is nil.
    case verify(ReferenceName, expecting: ObjectID?)

    /// The reference that is named.
    package var name: ReferenceName {
        switch self {
        case .create(let name, _), .update(let name, _, _), .set(let name, _),
            .delete(let name, _), .setSymbolic(let name, _, _), .verify(let name, _):
            name
        }
    }
}

/// Changes to references that happen together or not at all.
package struct ReferenceTransaction: Hashable, Sendable {
    package var updates: [ReferenceUpdate]
    /// Who and when, for the reflogs.
    package var signature: Signature
    /// What and why, for the reflogs: `commit: Add table users`.
    package var message: String

    package init(_ updates: [ReferenceUpdate], signature: Signature, message: String) {
        self.updates = updates
        self.signature = signature
        self.message = message
    }
}
