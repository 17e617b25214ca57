package import CinchSchema

/// Schemas as JSON.
package enum SchemaJSON {
    /// A whole schema's members as JSON.
    package static func schema(_ schema: Schema) -> [JSONValue.Member] {
        [
            .init("tables", .array(schema.tables.map { table($0, in: schema) })),
            .init("virtual_tables", .array(schema.virtualTables.map(virtualTable))),
            .init("indexes", .array(schema.indexes.map(index))),
            .init("views", .array(schema.views.map(view))),
            .init("triggers", .array(schema.triggers.map(trigger))),
        ]
    }

    /// A table as JSON.
    package static func table(_ table: Table, in schema: Schema) -> JSONValue {
        .object([
            .init("name", .string(table.name.text)), .init("id", id(table.id)),
            .init("strict", .boolean(table.isStrict)),
            .init("without_rowid", .boolean(table.isWithoutRowID)),
            .init("columns", .array(table.columns.map(column))),
            .init("constraints", .array(table.constraints.map { .string($0.ddl) })),
            .init(
                "indexes",
                .array(
                    schema.indexes.filter { $0.table.matches(table.name) }
                        .map { .string($0.name.text) })),
            .init(
                "triggers",
                .array(
                    schema.triggers.filter { $0.table.matches(table.name) }
                        .map { .string($0.name.text) })),
            .init("sql", .string(table.ddl(ids: false))),
        ])
    }

    /// A column as JSON.
    package static func column(_ column: Column) -> JSONValue {
        .object([
            .init("name", .string(column.name.text)), .init("id", id(column.id)),
            .init("type", .string(column.declaredType)),
            .init("nullable", .boolean(column.notNull == nil)),
            .init("primary_key", .boolean(column.primaryKey != nil)),
            .init("unique", .boolean(!column.uniques.isEmpty)),
            .init("default", column.defaultValue.map { .string($0.rule.sql) } ?? .null),
            .init("generated", column.generated.map { .string($0.rule.expression.sql) } ?? .null),
            .init("references", .array(column.references.map { .string($0.rule.ddl) })),
            .init("sql", .string(column.ddl)),
        ])
    }

    /// A virtual table as JSON.
    package static func virtualTable(_ table: VirtualTable) -> JSONValue {
        .object([
            .init("name", .string(table.name.text)), .init("id", id(table.id)),
            .init("module", .string(table.module.text)),
            .init("arguments", .array(table.arguments.map { .string($0) })),
            .init("sql", .string(table.ddl(ids: false))),
        ])
    }

    /// An index as JSON.
    package static func index(_ index: Index) -> JSONValue {
        .object([
            .init("name", .string(index.name.text)), .init("table", .string(index.table.text)),
            .init("unique", .boolean(index.isUnique)),
            .init("terms", .array(index.terms.map { .string($0.ddl) })),
            .init("where", index.condition.map { .string($0.sql) } ?? .null),
            .init("sql", .string(index.ddl)),
        ])
    }

    /// A view as JSON.
    package static func view(_ view: View) -> JSONValue {
        .object([.init("name", .string(view.name.text)), .init("sql", .string(view.ddl))])
    }

    /// A trigger as JSON.
    package static func trigger(_ trigger: Trigger) -> JSONValue {
        .object([
            .init("name", .string(trigger.name.text)),
            .init("table", .string(trigger.table.text)), .init("sql", .string(trigger.ddl)),
        ])
    }

    private static func id(_ id: StableID?) -> JSONValue { id.map { .string($0.text) } ?? .null }
}
