/// One value of a row: SQLite's five storage classes, and a boolean where the column says so.
public enum SQLValue: Hashable, Sendable {
    /// NULL.
    case null
    /// INTEGER, 64 bits.
    case integer(Int64)
    /// REAL. NaN is stored as NULL by SQLite.
    case real(Double)
    /// TEXT. Bytes that are not UTF-8 are read as U+FFFD.
    case text(String)
    /// BLOB.
    case blob([UInt8])
    /// 0 or 1 read from a column declared BOOLEAN or BOOL; written as 0 or 1.
    ///
    /// Any other value in such a column is read as what it is.
    case boolean(Bool)
}

extension SQLValue: ExpressibleByNilLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByStringLiteral, ExpressibleByBooleanLiteral
{
    /// NULL.
    public init(nilLiteral: ()) {
        self = .null
    }

    /// An INTEGER.
    public init(integerLiteral value: Int64) {
        self = .integer(value)
    }

    /// A REAL.
    public init(floatLiteral value: Double) {
        self = .real(value)
    }

    /// A TEXT.
    public init(stringLiteral value: String) {
        self = .text(value)
    }

    /// A boolean.
    public init(booleanLiteral value: Bool) {
        self = .boolean(value)
    }
}

extension SQLValue {
    /// The key of the one-member object that carries a BLOB in JSON, as base64.
    static let blobKey = "$blob"

    /// Reads a value from JSON.
    ///
    /// `{"$blob": "…"}` is a BLOB in base64. Any other object, and every array, becomes its
    /// compact JSON text, which is what SQLite's JSON functions work on.
    ///
    /// - Throws: `CinchError` with `.invalid` if a `$blob` is not base64.
    public init(json: JSONValue) throws {
        switch json {
        case .null: self = .null
        case .boolean(let value): self = .boolean(value)
        case .integer(let value): self = .integer(value)
        case .real(let value): self = .real(value)
        case .string(let value): self = .text(value)
        case .array: self = .text(json.text())
        case .object(let members):
            guard members.count == 1, members[0].key == Self.blobKey else {
                self = .text(json.text())
                return
            }
            guard case .string(let encoded) = members[0].value, let bytes = Base64.decode(encoded)
            else {
                throw CinchError(
                    code: .invalid,
                    message: "The value of '$blob' is not base64",
                    hint: "Write bytes as {\"$blob\": \"<base64>\"}, with padding.")
            }
            self = .blob(bytes)
        }
    }

    /// 0 and 1 as booleans, everything else as it is: how a BOOLEAN column is read.
    var asBoolean: SQLValue {
        switch self {
        case .integer(0): .boolean(false)
        case .integer(1): .boolean(true)
        default: self
        }
    }

    /// The value as JSON; a BLOB is `{"$blob": "<base64>"}`, so reading it back is exact.
    public var json: JSONValue {
        switch self {
        case .null: .null
        case .integer(let value): .integer(value)
        case .real(let value): .real(value)
        case .text(let value): .string(value)
        case .blob(let bytes): .object([.init(Self.blobKey, .string(Base64.encode(bytes)))])
        case .boolean(let value): .boolean(value)
        }
    }
}
