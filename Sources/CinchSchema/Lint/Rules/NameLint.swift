/// Names.
enum NameLint: LintGroup {
    static let reservedWord = LintRule(
        "reserved-word", "A name that is a reserved word of SQL", .warning,
        why: """
            It has to be in quotes in every statement, for good. Where somebody forgets them, the \
            statement fails; in double quotes a word that names nothing is silently a string.
            """,
        example: "CREATE TABLE \"order\" (id INTEGER PRIMARY KEY, \"group\" TEXT);",
        fix: "Choose another name: orders, group_name.")

    static let naming = LintRule(
        "naming", "A name that isn't written as the others are", .info,
        why: """
            Names in several styles have to be looked up each time. Without `naming` in `[lint]` the \
            style is that of most names the schema has, snake_case where there are few; it can be \
            `snake_case`, `camelCase`, `PascalCase` or a regular expression.
            """,
        example: "CREATE TABLE user_profiles (firstName TEXT, last_name TEXT);",
        fix: "Write it as the others are; a rename keeps rows and values.")

    static let rules = [reservedWord, naming]

    static func findings(in change: LintedChange) -> [LintFinding] {
        let names = newNames(change)
        guard !names.isEmpty else { return [] }
        let style = style(of: change)
        return names.flatMap { new -> [LintFinding] in
            var findings: [LintFinding] = []
            let (name, entity) = (new.name, new.entity)
            if Keyword.isReserved(name.text.asciiUppercased) {
                findings.append(
                    LintFinding(
                        reservedWord, entity,
                        "\(entity): \(name.text.asciiUppercased) is a reserved word of SQL",
                        suggestion: "Choose another name.", at: new.place))
            }
            if new.isStyled, !style.allows(name) {
                findings.append(
                    LintFinding(
                        naming, entity, "\(entity) is not written as \(style.name)",
                        suggestion: "Write it as the others are.", at: new.place))
            }
            return findings
        }
    }

    private struct NewName {
        var name: Identifier
        var entity: String
        var place: LintPlace
        /// Whether the style of names is for it: indexes and triggers are called by nobody.
        var isStyled = true
    }

    /// Names that nothing had before.
    private static func newNames(_ change: LintedChange) -> [NewName] {
        var names: [NewName] = []
        for table in change.after.tables {
            let old = change.old(table.name)
            if old?.name != table.name {
                names.append(
                    NewName(
                        name: table.name, entity: table.name.text,
                        place: LintPlace(.table, table.name)))
            }
            guard old != table else { continue }
            for column in table.columns
            where old?.columns.contains(where: { $0.name == column.name }) != true {
                names.append(
                    NewName(
                        name: column.name, entity: "\(table.name).\(column.name)",
                        place: LintPlace(column: column.name, of: table)))
            }
        }
        let add = { (name: Identifier, kind: SchemaEntry.Kind, isStyled: Bool) in
            names.append(
                NewName(
                    name: name, entity: name.text, place: LintPlace(kind, name),
                    isStyled: isStyled))
        }
        for table in change.after.virtualTables where change.before.virtualTables[table.name] == nil
        {
            add(table.name, .table, true)
        }
        for view in change.after.views where change.before.views[view.name] == nil {
            add(view.name, .view, true)
        }
        for index in change.after.indexes where change.before.indexes[index.name] == nil {
            add(index.name, .index, false)
        }
        for trigger in change.after.triggers where change.before.triggers[trigger.name] == nil {
            add(trigger.name, .trigger, false)
        }
        return names
    }

    /// The style that is asked for, or that most names are in: those before the change where they
    /// tell, otherwise those after it.
    private static func style(of change: LintedChange) -> NamingStyle {
        guard change.settings.naming == .prevailing else { return change.settings.naming }
        let names = { (schema: Schema) in
            schema.tables.flatMap { [$0.name] + $0.columns.map(\.name) } + schema.views.map(\.name)
        }
        return NamingStyle.prevailing(in: names(change.before))
            ?? NamingStyle.prevailing(in: names(change.after)) ?? .snake
    }
}
