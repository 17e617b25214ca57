/// Why a text could not be read as a schema, or a schema could not be built.
public struct SchemaError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What went wrong.
    public enum Reason: Hashable, Sendable {
        /// The text is not a CREATE statement SQLite accepts; the offset counts UTF-8 bytes.
        case syntax(message: String, offset: Int)
        /// SQLite accepts it, but the schema model has no place for it.
        case unsupported(construct: String)
        /// Two entities have the same name.
        case duplicate(name: String)
        /// Something stands on an entity that is not there.
        case missing(name: String)
    }

    /// What went wrong.
    public var reason: Reason
    /// The entity that was being read, absent when it has no name yet.
    public var entity: String?

    /// Makes an error about an entity.
    public init(_ reason: Reason, entity: String? = nil) {
        self.reason = reason
        self.entity = entity
    }

    static func syntax(_ message: String, offset: Int) -> SchemaError {
        SchemaError(.syntax(message: message, offset: offset))
    }

    /// One sentence without a full stop.
    public var description: String {
        let what =
            switch reason {
            case .syntax(let message, let offset): "\(message) at byte \(offset)"
            case .unsupported(let construct): "\(construct) can't be kept in a schema tree"
            case .duplicate(let name): "there are two entities named '\(name)'"
            case .missing(let name): "there is no '\(name)'"
            }
        return entity.map { "'\($0)': \(what)" } ?? what
    }

    /// The same error, about the entity with this name unless it already names one.
    func about(_ name: String) -> SchemaError {
        SchemaError(reason, entity: entity ?? name)
    }
}
