/// Renders an answer as the JSON object `cinch query --json` prints.
package enum JSONRendering {
    /// `{"version":1,"columns":[…],"rows":[{…}],"changes":0,"truncated":false}`.
    ///
    /// `columns` has `name` and `type` (null for expressions). Members of a row are in column
    /// order under ``QueryResult/keys``.
    package static func document(_ result: QueryResult) -> JSONValue {
        let columns = zip(result.keys, result.columns).map { key, column in
            JSONValue.object([
                .init("name", .string(key)),
                .init("type", column.declaredType.map { .string($0) } ?? .null),
            ])
        }
        return [
            "version": 1,
            "columns": .array(columns),
            "rows": .array(result.jsonRows),
            "changes": .integer(Int64(result.changes)),
            "truncated": .boolean(result.truncated),
        ]
    }
}
