/// What a reference holds.
package enum Reference: Hashable, Sendable {
    /// The name of an object.
    case direct(ObjectID)
    /// The name of another reference, which need not exist: HEAD on an unborn branch.
    case symbolic(ReferenceName)
}
