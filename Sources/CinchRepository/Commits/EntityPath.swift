package import CinchSchema

/// Where an entity's text stands in a schema tree: `tables/users.sql`.
package enum EntityFolder: String, Hashable, Sendable, CaseIterable {
    case tables, indexes, views, triggers

    /// What `sqlite_schema` calls the entities in this folder.
    package var kind: SchemaEntry.Kind {
        switch self {
        case .tables: .table
        case .indexes: .index
        case .views: .view
        case .triggers: .trigger
        }
    }

    /// The file an entity of this name has in the folder.
    ///
    /// Bytes that a path can't hold on some system git runs on, and `%` itself, are
    /// percent-encoded; so is a leading period.
    package static func fileName(of name: Identifier) -> String {
        var encoded: [UInt8] = []
        for (place, byte) in name.text.utf8.enumerated() {
            let isRefused =
                byte < 0x20 || byte == 0x7F || "%/\\:*?\"<>|".utf8.contains(byte)
                || (place == 0 && byte == UInt8(ascii: "."))
            if isRefused {
                let digits = String(byte, radix: 16, uppercase: true)
                encoded += "%\(digits.count == 1 ? "0" : "")\(digits)".utf8
            } else {
                encoded.append(byte)
            }
        }
        return String(decoding: encoded, as: UTF8.self) + ".sql"
    }
}
