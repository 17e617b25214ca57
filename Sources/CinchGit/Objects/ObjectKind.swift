/// The four kinds of object; the raw value is the word in an object's header.
package enum ObjectKind: String, Hashable, Sendable, CaseIterable {
    case blob
    case tree
    case commit
    case tag

    /// The header that is hashed and stored before the body: `<kind> <size>\0`.
    func header(size: Int) -> [UInt8] { Array("\(rawValue) \(size)\0".utf8) }
}
