extension ColumnSpecification {
    /// Reads `{"name": "price", "type": "DECIMAL(10,2)", "nullable": true, …}`.
    ///
    /// A `default` that is a number, a boolean or null is that value; a string is SQL, as in
    /// `"'draft'"` or `"CURRENT_TIMESTAMP"`.
    ///
    /// - Throws: `CinchError` with `.invalid` for members and types there are not.
    init(json: JSONValue) throws {
        var fields = try Fields(json, in: "A column")
        self.init(
            name: try fields.text("name"),
            declaredType: try ColumnType.declaration(
                for: try fields.optionalText("type") ?? "TEXT"))
        isNullable = try fields.flag("nullable")
        isUnique = try fields.flag("unique")
        isPrimaryKey = try fields.flag("primary_key")
        switch fields.take("default") {
        case nil: break
        case .string(let sql)?:
            try Self.demandConfined(sql, "default")
            defaultValue = sql
        case .boolean(let isTrue)?: defaultValue = isTrue ? "1" : "0"
        case let number?: defaultValue = number.text()
        }
        check = try fields.optionalText("check")
        if let check { try Self.demandConfined(check, "check") }
        collation = try fields.optionalText("collation")
        if let collation {
            guard ["nocase", "rtrim", "binary"].contains(SQLText.folded(collation)) else {
                throw Fields.invalid("'\(TerminalText.escaped(collation))' is not a collation")
            }
        }
        if let reference = try fields.optionalText("references") {
            let parts = reference.split(separator: ".", maxSplits: 1).map(String.init)
            guard let table = parts.first, !table.isEmpty else {
                throw Fields.invalid("'references' must name a table")
            }
            foreignKey = ForeignKey(table: table, column: parts.count > 1 ? parts[1] : "id")
        }
        if let word = try fields.optionalText("on_delete") {
            guard let action = DeleteAction(rawValue: word.uppercased()), foreignKey != nil else {
                throw Fields.invalid(
                    "'on_delete' takes CASCADE, SET NULL, RESTRICT, SET DEFAULT or NO ACTION,"
                        + " beside 'references'")
            }
            foreignKey?.onDelete = action
        }
        try fields.finish()
    }

    private static func demandConfined(_ sql: String, _ name: String) throws {
        guard SQLText.isConfined(sql) else {
            throw Fields.invalid("'\(name)' is not one SQL expression")
        }
    }
}
