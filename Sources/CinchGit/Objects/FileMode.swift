/// What a tree entry is; the raw value is the mode git writes, in octal.
package enum FileMode: UInt32, Hashable, Sendable, CaseIterable {
    case directory = 0o040000
    case file = 0o100644
    case executable = 0o100755
    case symbolicLink = 0o120000
    /// A commit of another repository.
    case submodule = 0o160000

    /// The mode as a tree holds it: octal without a leading zero.
    var octal: String { String(rawValue, radix: 8) }
}
