/// A trigger (lang_createtrigger).
public struct Trigger: Hashable, Sendable {
    /// When it fires relative to the change.
    public enum Timing: String, Hashable, Sendable, CaseIterable {
        case before = "BEFORE"
        case after = "AFTER"
        case insteadOf = "INSTEAD OF"
    }

    /// What makes it fire.
    public enum Event: Hashable, Sendable {
        case delete
        case insert
        /// An UPDATE, of these columns only unless the list is empty.
        case update(of: [Identifier])
    }

    /// The trigger's name.
    public var name: Identifier
    /// When it fires; SQLite reads a missing word as BEFORE.
    public var timing: Timing
    /// What makes it fire.
    public var event: Event
    /// The table or view it stands on.
    public var table: Identifier
    /// The WHEN clause; absent when it always fires.
    public var condition: Expression?
    /// The statements of the body, without their semicolons.
    public var body: [Expression]

    /// Makes a trigger.
    public init(
        name: Identifier, timing: Timing, event: Event, table: Identifier,
        condition: Expression? = nil, body: [Expression]
    ) {
        self.name = name
        self.timing = timing
        self.event = event
        self.table = table
        self.condition = condition
        self.body = body
    }

    /// Tells whether the clause, the condition or the body spells this name.
    public func mentions(_ name: Identifier) -> Bool {
        if table.matches(name) || condition?.mentions(name) == true { return true }
        if case .update(let columns) = event, columns.contains(where: name.matches) { return true }
        return body.contains { $0.mentions(name) }
    }
}
