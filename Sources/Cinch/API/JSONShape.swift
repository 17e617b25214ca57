/// JSON Schemas, written shortly.
enum JSONShape {
    static let text: JSONValue = ["type": "string"]
    static let flag: JSONValue = ["type": "boolean"]
    static let number: JSONValue = ["type": "number"]
    static let integer: JSONValue = ["type": "integer", "format": "int64"]
    static let anything: JSONValue = [:]
    static let row: JSONValue = ["type": "object", "additionalProperties": true]
    static let texts: JSONValue = list(of: text)

    static func list(of element: JSONValue) -> JSONValue { ["type": "array", "items": element] }

    static func integer(_ range: ClosedRange<Int>) -> JSONValue {
        [
            "type": "integer", "minimum": .integer(Int64(range.lowerBound)),
            "maximum": .integer(Int64(range.upperBound)),
        ]
    }

    static func orNull(_ type: String) -> JSONValue { ["type": [.string(type), "null"]] }

    /// An object with these members; those whose names end with `?` may be left out.
    static func object(
        _ members: KeyValuePairs<String, JSONValue>,
        and others: KeyValuePairs<String, JSONValue> = [:], isOpen: Bool = false
    ) -> JSONValue {
        let members = Array(members) + Array(others)
        let names = members.map { $0.key.hasSuffix("?") ? String($0.key.dropLast()) : $0.key }
        let required = members.filter { !$0.key.hasSuffix("?") }.map { JSONValue.string($0.key) }
        var shape: [JSONValue.Member] = [
            .init("type", "object"),
            .init(
                "properties",
                .object(zip(names, members).map { JSONValue.Member($0, $1.value) })),
        ]
        if !required.isEmpty { shape.append(.init("required", .array(required))) }
        if !isOpen { shape.append(.init("additionalProperties", false)) }
        return .object(shape)
    }
}
