import Cinch

/// Rows as Swift's Codable types.
struct SwiftRows {
    let header: Header
    let shapes: [RowShape]

    private static let reserved: Set<String> = [
        "associatedtype", "class", "deinit", "enum", "extension", "fileprivate", "func", "import",
        "init", "inout", "internal", "let", "open", "operator", "private", "protocol", "public",
        "rethrows", "static", "struct", "subscript", "typealias", "var", "break", "case",
        "continue", "default", "defer", "do", "else", "fallthrough", "for", "guard", "if", "in",
        "repeat", "return", "switch", "where", "while", "as", "Any", "catch", "false", "is", "nil",
        "super", "self", "Self", "throw", "throws", "true", "try", "Type", "Protocol",
    ]

    var text: String {
        var names = Naming(reserved: ["CinchBlob", "CinchValue"])
        var lines = [header.text(comment: "//"), Self.support]
        for shape in shapes {
            let base = Naming.upperCamel(shape.name)
            let row = names.distinct(base + "Row")
            lines.append(type(shape, called: row, isInsert: false))
            guard !shape.isView else { continue }
            lines.append(type(shape, called: names.distinct(base + "Insert"), isInsert: true))
        }
        return lines.joined(separator: "\n")
    }

    private func type(_ shape: RowShape, called name: String, isInsert: Bool) -> String {
        let columns = shape.columns.filter { !isInsert || !$0.isGenerated }
        var names = Naming()
        let properties = columns.map { column in
            (column, names.distinct(Naming.lowerCamel(column.name)))
        }
        let subject = Naming.comment(shape.name)
        var lines = [
            isInsert
                ? "/// A row to insert into `\(subject)`; what is nil is left to the table."
                : "/// A row of `\(subject)`.",
            "public struct \(name): Codable, Hashable, Sendable {",
        ]
        for (column, property) in properties {
            let isOptional = isInsert ? column.isOptional : column.isNullable
            lines.append(
                "    public var \(escaped(property)): \(kind(column))\(isOptional ? "?" : "")")
        }
        if isInsert {
            let arguments = properties.map { column, property in
                let type = kind(column) + (column.isOptional ? "? = nil" : "")
                return "\(escaped(property)): \(type)"
            }
            lines += ["", "    public init(\(arguments.joined(separator: ", "))) {"]
            lines += properties.map { _, property in
                "        self.\(escaped(property)) = \(escaped(property))"
            }
            lines.append("    }")
        }
        if !properties.isEmpty {
            lines += ["", "    public enum CodingKeys: String, CodingKey {"]
            lines += properties.map { column, property in
                "        case \(escaped(property)) = \(Naming.literal(column.name))"
            }
            lines.append("    }")
        }
        lines += [
            "", "    /// The table it is of.",
            "    public static var databaseTableName: String { \(Naming.literal(shape.name)) }",
            "}", "",
            "#if canImport(GRDB)",
            "extension \(name): \(isInsert ? "EncodableRecord, PersistableRecord" : "FetchableRecord, TableRecord") {}",
            "#endif", "",
        ]
        return lines.joined(separator: "\n")
    }

    private func kind(_ column: RowShape.Column) -> String {
        switch ColumnKind(column.declaredType) {
        case .boolean: "Bool"
        case .integer: "Int64"
        case .real: "Double"
        case .text: "String"
        case .bytes: "CinchBlob"
        case .any: "CinchValue"
        }
    }

    private func escaped(_ name: String) -> String {
        Self.reserved.contains(name) ? "`\(name)`" : name
    }

    private static let support = """
        #if canImport(FoundationEssentials)
        import FoundationEssentials
        #else
        import Foundation
        #endif
        #if canImport(GRDB)
        import GRDB
        #endif

        /// Bytes; in JSON `{"$blob": "<base64>"}`.
        public struct CinchBlob: Codable, Hashable, Sendable {
            public var bytes: Data

            public init(_ bytes: Data) { self.bytes = bytes }

            private enum Keys: String, CodingKey { case blob = "$blob" }

            public init(from decoder: any Decoder) throws {
                if let container = try? decoder.container(keyedBy: Keys.self),
                    let data = try? container.decode(Data.self, forKey: .blob)
                {
                    bytes = data
                } else {
                    bytes = try decoder.singleValueContainer().decode(Data.self)
                }
            }

            public func encode(to encoder: any Encoder) throws {
                var container = encoder.container(keyedBy: Keys.self)
                try container.encode(bytes, forKey: .blob)
            }
        }

        #if canImport(GRDB)
        extension CinchBlob: DatabaseValueConvertible {
            public var databaseValue: DatabaseValue { bytes.databaseValue }
            public static func fromDatabaseValue(_ value: DatabaseValue) -> CinchBlob? {
                Data.fromDatabaseValue(value).map(CinchBlob.init)
            }
        }
        #endif

        /// What a column without a type, or with NUMERIC's, can hold.
        public enum CinchValue: Codable, Hashable, Sendable {
            case integer(Int64)
            case real(Double)
            case text(String)
            case blob(CinchBlob)

            public init(from decoder: any Decoder) throws {
                let container = try decoder.singleValueContainer()
                if let number = try? container.decode(Int64.self) {
                    self = .integer(number)
                } else if let number = try? container.decode(Double.self) {
                    self = .real(number)
                } else if let text = try? container.decode(String.self) {
                    self = .text(text)
                } else {
                    self = .blob(try CinchBlob(from: decoder))
                }
            }

            public func encode(to encoder: any Encoder) throws {
                switch self {
                case .integer(let number): try number.encode(to: encoder)
                case .real(let number): try number.encode(to: encoder)
                case .text(let text): try text.encode(to: encoder)
                case .blob(let blob): try blob.encode(to: encoder)
                }
            }
        }

        #if canImport(GRDB)
        extension CinchValue: DatabaseValueConvertible {
            public var databaseValue: DatabaseValue {
                switch self {
                case .integer(let number): number.databaseValue
                case .real(let number): number.databaseValue
                case .text(let text): text.databaseValue
                case .blob(let blob): blob.databaseValue
                }
            }

            public static func fromDatabaseValue(_ value: DatabaseValue) -> CinchValue? {
                switch value.storage {
                case .null: nil
                case .int64(let number): .integer(number)
                case .double(let number): .real(number)
                case .string(let text): .text(text)
                case .blob(let bytes): .blob(CinchBlob(bytes))
                }
            }
        }
        #endif

        """
}
