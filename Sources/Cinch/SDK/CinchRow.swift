internal import Foundation
internal import GRDB

/// A row of an answer.
///
/// ```swift
/// let name: String = try row.get("name")
/// let user = try row.decode(User.self)   // any Decodable with properties called like columns
/// ```
public struct CinchRow: Hashable, Sendable {
    /// The columns' names, left to right. A name that came before has `_2`, `_3`… at its end.
    public let columns: [String]
    /// A value for each column.
    public let values: [SQLValue]

    /// Makes a row.
    public init(columns: [String], values: [SQLValue]) {
        self.columns = columns
        self.values = values
    }

    /// Reads a row of an answer.
    init(json: JSONValue) throws {
        guard case .object(let members) = json else {
            throw CinchError(code: .failed, message: "The answer has no row where one must be")
        }
        columns = members.map(\.key)
        values = try members.map { try SQLValue(json: $0.value) }
    }

    /// The value of a column; NULL where there is no such column.
    public subscript(column: String) -> SQLValue {
        columns.firstIndex(of: column).map { values[$0] } ?? .null
    }

    /// The value of a column as a type: `String`, `Int64`, `Int`, `Double`, `Bool`, `[UInt8]`, or
    /// one of these as an optional.
    ///
    /// - Throws: `CinchError` with `.notFound` where there is no such column, `.invalid` where its
    ///   value is no such thing.
    public func get<Value: Decodable>(_ column: String, as type: Value.Type = Value.self) throws
        -> Value
    {
        guard columns.contains(column) else {
            throw CinchError(
                code: .notFound, message: "The answer has no column '\(column)'",
                hint: "It has \(columns.joined(separator: ", ")).")
        }
        return try CinchRow(columns: ["value"], values: [self[column]])
            .decode(Single<Value>.self, for: column).value
    }

    /// The row as a type whose properties are called like columns, by GRDB's decoder: texts that
    /// SQLite's functions write are dates, and properties that are no plain values are JSON texts.
    ///
    /// - Throws: `CinchError` with `.invalid`, naming what can't be read.
    public func decode<Value: Decodable>(_ type: Value.Type = Value.self) throws -> Value {
        try decode(type, for: "\(type)")
    }

    private func decode<Value: Decodable>(_ type: Value.Type, for what: String) throws -> Value {
        let members = zip(columns, values).map {
            ($0, $1.databaseValue as (any DatabaseValueConvertible)?)
        }
        let row = Row(Dictionary(members, uniquingKeysWith: { first, _ in first }))
        do {
            return try Wrapped<Value>(row: row).value
        } catch {
            throw CinchError(
                code: .invalid, message: "The row can't be read as \(what): \(error)",
                hint: "Compare its columns with the properties.", cause: error)
        }
    }

    /// Gives GRDB's decoder to a type that knows nothing of GRDB.
    private struct Wrapped<Value: Decodable>: Decodable, FetchableRecord {
        let value: Value
        init(from decoder: any Decoder) throws { value = try Value(from: decoder) }
    }

    private struct Single<Value: Decodable>: Decodable {
        let value: Value
    }
}

extension SQLValue {
    /// The value as GRDB has it.
    fileprivate var databaseValue: DatabaseValue {
        switch self {
        case .null: .null
        case .integer(let number): number.databaseValue
        case .real(let number): number.databaseValue
        case .text(let text): text.databaseValue
        case .blob(let bytes): bytes.withUnsafeBytes { Data($0).databaseValue }
        case .boolean(let isTrue): isTrue.databaseValue
        }
    }
}
