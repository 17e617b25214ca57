/// A column's affinity: what SQLite makes of values that are stored in it (datatype3, section
/// 3.1).
public enum Affinity: String, Hashable, Sendable, CaseIterable {
    /// Numbers become text.
    case text
    /// Text that looks like a number becomes one; also what unknown types have.
    case numeric
    /// Like numeric, as far as storing goes.
    case integer
    /// Like numeric, whole numbers as floating point.
    case real
    /// Everything stays as it is.
    case blob

    /// The affinity of a declared type; absent means the column was declared without one.
    public init(declaredType: String?) {
        let type = (declaredType ?? "").asciiLowercased
        if type.contains("int") {
            self = .integer
        } else if type.contains("char") || type.contains("clob") || type.contains("text") {
            self = .text
        } else if type.contains("blob") || type.isEmpty {
            self = .blob
        } else if type.contains("real") || type.contains("floa") || type.contains("doub") {
            self = .real
        } else {
            self = .numeric
        }
    }
}
