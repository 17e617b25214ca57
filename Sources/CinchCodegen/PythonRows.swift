import Cinch

/// Rows as Python's TypedDicts, whose keys can be any text.
struct PythonRows {
    let header: Header
    let shapes: [RowShape]

    private static let reserved: Set<String> = [
        "Any", "NotRequired", "TypedDict", "None", "True", "False",
    ]

    var text: String {
        var names = Naming(reserved: Self.reserved)
        var exported: [String] = []
        var definitions: [String] = []
        for shape in shapes {
            let base = Naming.upperCamel(shape.name)
            let row = names.distinct(base + "Row")
            exported.append(row)
            definitions.append(definition(shape, called: row, isInsert: false))
            guard !shape.isView else { continue }
            let insert = names.distinct(base + "Insert")
            exported.append(insert)
            definitions.append(definition(shape, called: insert, isInsert: true))
        }
        let list = exported.sorted().map { "    \(Naming.literal($0)),\n" }.joined()
        return """
            \(header.text(comment: "#"))
            from __future__ import annotations

            import sys
            from typing import Any, TypedDict, Union

            if sys.version_info >= (3, 11):
                from typing import NotRequired
            else:
                from typing_extensions import NotRequired

            __all__ = [
            \(list)]

            """ + definitions.joined()
    }

    private func definition(_ shape: RowShape, called name: String, isInsert: Bool) -> String {
        let members = shape.columns.filter { !isInsert || !$0.isGenerated }.map { column in
            let type = column.isNullable ? "Union[\(kind(column)), None]" : kind(column)
            let written = isInsert && column.isOptional ? "NotRequired[\(type)]" : type
            return "        \(Naming.literal(column.name)): \(written),\n"
        }
        let subject = Naming.comment(shape.name)
        return """

            # \(isInsert ? "A row to insert into" : "A row of") \(subject)
            \(name) = TypedDict(
                \(Naming.literal(name)),
                {
            \(members.joined())    },
            )

            """
    }

    private func kind(_ column: RowShape.Column) -> String {
        switch ColumnKind(column.declaredType) {
        case .boolean: "bool"
        case .integer: "int"
        case .real: "float"
        case .text: "str"
        case .bytes: "bytes"
        case .any: "Union[int, float, str, bytes]"
        }
    }
}
