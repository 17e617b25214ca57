/// Where the text is that a finding is about.
package struct LintPlace: Hashable, Sendable {
    /// The kind of the entity, which is the folder its file is in.
    package var kind: SchemaEntry.Kind
    /// The entity's name, which is that of its file.
    package var name: Identifier
    /// The line of its canonical text, from 1.
    package var line: Int
    /// Whether it is gone, so that only the text before the change has it.
    package var isBefore: Bool

    /// Makes a place, the first line of what is there after the change unless told otherwise.
    package init(
        _ kind: SchemaEntry.Kind, _ name: Identifier, line: Int = 1, isBefore: Bool = false
    ) {
        self.kind = kind
        self.name = name
        self.line = line
        self.isBefore = isBefore
    }

    /// The line of a column, the first where there is none of this name.
    package init(column: Identifier?, of table: Table, isBefore: Bool = false) {
        let place = column.flatMap { name in
            table.columns.firstIndex { $0.name.matches(name) }
        }
        self.init(.table, table.name, line: place.map { $0 + 2 } ?? 1, isBefore: isBefore)
    }

    /// The line of a constraint of a table, the first where it has no such constraint.
    package init(constraint: Table.Rule, of table: Table) {
        let place = table.constraints.firstIndex { $0.rule == constraint }
        self.init(.table, table.name, line: place.map { $0 + table.columns.count + 2 } ?? 1)
    }
}

/// One thing that a change brings and somebody should look at.
package struct LintFinding: Hashable, Sendable {
    /// The rule's code.
    package var code: String
    /// How much it matters, by the settings.
    package var severity: LintSeverity
    /// What it is about, as waivers name it: `users.email`.
    package var entity: String
    /// What was found, a sentence without a full stop.
    package var message: String
    /// What to do about it, mostly SQL or a command; absent where there is nothing to suggest.
    package var suggestion: String?
    /// Where it is; absent when no entity's text is at fault.
    package var place: LintPlace?

    /// Makes a finding.
    package init(
        code: String, severity: LintSeverity, entity: String, message: String,
        suggestion: String? = nil, place: LintPlace? = nil
    ) {
        self.code = code
        self.severity = severity
        self.entity = entity
        self.message = message
        self.suggestion = suggestion
        self.place = place
    }

    /// Makes a finding of a rule, as severe as that is unless told otherwise.
    init(
        _ rule: LintRule, _ entity: String, _ message: String, suggestion: String? = nil,
        severity: LintSeverity? = nil, at place: LintPlace?
    ) {
        self.init(
            code: rule.code, severity: severity ?? rule.severity, entity: entity, message: message,
            suggestion: suggestion, place: place)
    }
}
