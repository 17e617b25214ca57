/// Where the parts of a merge write what they find, and look up what was decided.
struct MergeLedger {
    private(set) var decisions: MergeDecisions
    private(set) var conflicts: [Conflict] = []
    private(set) var refused: [String: String] = [:]
    var notes: [String] = []

    init(_ decisions: MergeDecisions) { self.decisions = decisions }

    /// What was decided about a path, in conflict or not.
    func choice(_ path: String) -> MergeChoice? { decisions[path] }

    /// Lets what was decided about old names be about the new ones.
    mutating func follow(_ renaming: Renaming) {
        guard !renaming.isEmpty, !decisions.choices.isEmpty else { return }
        for (path, choice) in decisions.choices {
            if let new = renaming.path(path), decisions[new] == nil {
                decisions.decide(new, choice)
            }
        }
    }

    /// Writes down a conflict that nobody has decided.
    mutating func add(_ conflict: Conflict) { conflicts.append(conflict) }

    /// The value decided on; absent, and the conflict is written down, while it is open.
    ///
    /// - Parameter sides: What each side has.
    /// - Parameter nothing: The value of an attribute that goes.
    /// - Parameter parse: Reads a text given for it.
    mutating func settle<Value>(
        _ conflict: Conflict, base: Value, ours: Value, theirs: Value, nothing: Value,
        parse: (String) throws -> Value
    ) -> Value? {
        guard let choice = decisions[conflict.path] ?? decisions.preferred?.choice else {
            add(conflict)
            return nil
        }
        let value = value(
            choice, of: conflict.path, base: base, ours: ours, theirs: theirs, nothing: nothing,
            parse: parse)
        if value == nil { add(conflict) }
        return value
    }

    /// The value a choice stands for; absent for a text that can't be read, which is refused.
    mutating func value<Value>(
        _ choice: MergeChoice, of path: String, base: Value, ours: Value, theirs: Value,
        nothing: Value, parse: (String) throws -> Value
    ) -> Value? {
        switch choice {
        case .base: return base
        case .ours: return ours
        case .theirs: return theirs
        case .drop: return nothing
        case .sql(let text):
            do {
                return try parse(text)
            } catch {
                refused[path] = "\(error)"
                return nil
            }
        }
    }
}
