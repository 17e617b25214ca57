package import CinchSchema
import CinchSQLite

extension Renaming {
    /// Gives a schema these names by ALTER TABLE on a scratch database, so that views and
    /// triggers are rewritten as SQLite does it.
    ///
    /// A view or trigger that SQLite can't rewrite keeps its text; what worked before is among
    /// the refusals then, since it may mean something else now.
    package func rename(_ schema: Schema) throws -> RenamedSchema {
        var movable = schema
        var aside: [Identifier: String] = [:]
        while true {
            do {
                let interpreter = try SchemaInterpreter(movable)
                try interpreter.run(statements(for: movable).joined(separator: "\n"))
                let renamed = try interpreter.schema().restoring(aside.keys, of: schema)
                return RenamedSchema(renamed, refusals: try refusals(aside, in: schema))
            } catch let error as CinchError {
                guard let reason = (error.cause as? SQLiteError)?.message,
                    let culprit = movable.entity(blamedBy: reason)
                else { throw error }
                movable.putAside(culprit) { aside[$0] = reason }
            }
        }
    }

    private func refusals(_ aside: [Identifier: String], in schema: Schema) throws
        -> [RenamedSchema.Refusal]
    {
        guard !aside.isEmpty else { return [] }
        let broken = Set(try SemanticCheck(part: schema).failures.values.map(\.entity))
        return aside.keys.sorted().filter { !broken.contains($0) }.map {
            RenamedSchema.Refusal(entity: $0, reason: aside[$0] ?? "")
        }
    }
}

extension Schema {
    /// The view or trigger in `error in view v after rename: …`; absent for other messages.
    fileprivate func entity(blamedBy message: String) -> Identifier? {
        let isBlamed = { (kind: String, name: Identifier) in
            message.hasPrefix("error in \(kind) \(name.text):")
                || message.hasPrefix("error in \(kind) \(name.text) after rename:")
        }
        return views.map(\.name).first { isBlamed("view", $0) }
            ?? triggers.map(\.name).first { isBlamed("trigger", $0) }
    }

    /// Takes out a view with the triggers on it, or a trigger, and tells of each.
    fileprivate mutating func putAside(_ name: Identifier, _ tell: (Identifier) -> Void) {
        tell(name)
        triggers[name] = nil
        guard views[name] != nil else { return }
        views[name] = nil
        for trigger in triggers where trigger.table.matches(name) {
            tell(trigger.name)
            triggers[trigger.name] = nil
        }
    }

    /// Puts views and triggers back as they were.
    fileprivate func restoring(_ names: some Sequence<Identifier>, of schema: Schema) -> Schema {
        var copy = self
        for name in names {
            if let view = schema.views[name] { copy.views.insert(view) }
            if let trigger = schema.triggers[name] { copy.triggers.insert(trigger) }
        }
        return copy
    }
}
