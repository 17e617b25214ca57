import Cinch

/// Rows as TypeScript's interfaces, as the API's JSON has them.
struct TypeScriptRows {
    let header: Header
    let shapes: [RowShape]

    var text: String {
        var names = Naming(reserved: ["CinchBlob"])
        var text =
            header.text(comment: "//") + """

                /** Bytes, in base64. */
                export interface CinchBlob {
                  "$blob": string;
                }

                """
        for shape in shapes {
            let base = Naming.upperCamel(shape.name)
            text += interface(shape, called: names.distinct(base + "Row"), isInsert: false)
            guard !shape.isView else { continue }
            text += interface(shape, called: names.distinct(base + "Insert"), isInsert: true)
        }
        return text
    }

    private func interface(_ shape: RowShape, called name: String, isInsert: Bool) -> String {
        let members = shape.columns.filter { !isInsert || !$0.isGenerated }.map { column in
            let mark = isInsert && column.isOptional ? "?" : ""
            let type = kind(column) + (column.isNullable ? " | null" : "")
            return "  \(Naming.literal(column.name))\(mark): \(type);\n"
        }
        let subject = Naming.comment(shape.name).replacing("*/", with: "* /")
        return """

            /** \(isInsert ? "A row to insert into" : "A row of") \(subject) */
            export interface \(name) {
            \(members.joined())}

            """
    }

    /// Whole numbers beyond 2^53 need a JSON parser that keeps them, and then `bigint`.
    private func kind(_ column: RowShape.Column) -> String {
        switch ColumnKind(column.declaredType) {
        case .boolean: "boolean"
        case .integer: "number | bigint"
        case .real: "number"
        case .text: "string"
        case .bytes: "CinchBlob"
        case .any: "number | bigint | string | CinchBlob"
        }
    }
}
