/// The statements of migrations that are still to come, as far as they rename and drop.
///
/// They tell a rebuild that is spread over several commits from a table that was filled from
/// another: the copy gets the name of what it replaces.
public struct UpcomingStatements: Sendable {
    private let events: ArraySlice<IdentityEvent>

    /// Takes what comes, in order; nothing unless told otherwise.
    public init(_ events: ArraySlice<IdentityEvent> = []) { self.events = events }

    /// Whether a table has one of the names, or is going to get it, or is going to be copied into
    /// a table that has it and then dropped.
    public func table(_ name: Identifier, isNamedOneOf names: [Identifier]) -> Bool {
        var name = name
        var isCopied = false
        if names.contains(where: name.matches) { return true }
        for event in events {
            switch event {
            case .renameTable(let from, let to) where from.matches(name):
                name = to
                if names.contains(where: name.matches) { return true }
            case .copyRows(let copy, let target)
            where copy.source.matches(name) && names.contains(where: target.matches):
                isCopied = true
            case .dropTable(let dropped) where dropped.matches(name): return isCopied
            default: break
            }
        }
        return false
    }

    /// Whether a table is going to be dropped while its copy stays.
    public func drops(_ table: Identifier, keeping copy: Identifier) -> Bool {
        var (table, copy) = (table, copy)
        for event in events {
            switch event {
            case .renameTable(let from, let to) where from.matches(table): table = to
            case .renameTable(let from, let to) where from.matches(copy): copy = to
            case .dropTable(let dropped) where dropped.matches(table): return true
            case .dropTable(let dropped) where dropped.matches(copy): return false
            default: break
            }
        }
        return false
    }

    /// Whether a column has one of the names, or is going to get it.
    public func column(
        _ name: Identifier, of table: Identifier, isNamedOneOf names: [Identifier]
    ) -> Bool {
        var (name, table) = (name, table)
        if names.contains(where: name.matches) { return true }
        for event in events {
            switch event {
            case .renameTable(let from, let to) where from.matches(table): table = to
            case .dropTable(let dropped) where dropped.matches(table): return false
            case .renameColumn(let from, let to, let changed)
            where changed.matches(table) && from.matches(name):
                name = to
                if names.contains(where: name.matches) { return true }
            case .dropColumn(let dropped, let changed)
            where changed.matches(table) && dropped.matches(name): return false
            default: break
            }
        }
        return false
    }
}

extension IdentityEvent {
    /// Reads what the statements of a script do, one after another; empty for what can't be read.
    ///
    /// Statements are told apart by their semicolons, so those of a trigger's body are among
    /// them: no renames and no drops.
    public static func events(in script: String) -> [IdentityEvent] {
        guard let lexer = try? Lexer(script) else { return [] }
        var events: [IdentityEvent] = []
        var start = 0
        for token in lexer.tokens where token.token.isSymbol(";") {
            if let event = IdentityEvent(lexer.text(start, token.end)) { events.append(event) }
            start = token.end
        }
        if let event = IdentityEvent(lexer.text(start, lexer.source.count)) { events.append(event) }
        return events
    }
}
