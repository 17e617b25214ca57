import CinchSchema

/// A part of an entity that blame follows back through history by itself.
enum BlamePart: Hashable, Sendable {
    /// The entity as such: of a table its name, of everything else the whole definition.
    case entity
    /// A column of a table.
    case column(StableID?, Identifier)
    /// A constraint of a table.
    case constraint(Constraint<Table.Rule>)
    /// STRICT or WITHOUT ROWID.
    case option(String)
    /// An index on a table.
    case index(Identifier)
}

/// How a part stands in a parent, compared with the child.
enum BlamePresence {
    /// There is nothing of the kind.
    case absent
    /// It is there and says something else.
    case different(BlamePart)
    /// It is the same there, perhaps under a former name of its table.
    case same(BlamePart)
}

/// An entity in two neighbouring commits, of which only what differs was read.
struct BlameComparison {
    let folder: EntityFolder
    let name: Identifier
    /// The schemas as far as they differ, parent and child.
    let before: Schema
    let after: Schema
    let renaming: Renaming

    init(_ sides: SchemaSides, folder: EntityFolder, name: Identifier) {
        self.folder = folder
        self.name = name
        before = sides.schemas[0]
        after = sides.schemas[1]
        renaming = Renaming(from: before, to: after)
    }

    /// What the entity is called in the parent; absent when it is not there.
    var formerName: Identifier? {
        switch folder {
        case .tables:
            if let table = after.tables[name] { return former(table)?.name }
            if let table = after.virtualTables[name] { return former(table)?.name }
            return name
        case .indexes: return after.indexes[name] == nil ? name : before.indexes[name]?.name
        case .views: return after.views[name] == nil ? name : before.views[name]?.name
        case .triggers: return after.triggers[name] == nil ? name : before.triggers[name]?.name
        }
    }

    /// How a part of the child's entity stands in the parent.
    func presence(of part: BlamePart) -> BlamePresence {
        switch part {
        case .entity: entityPresence
        case .index(let index): presence(ofIndex: index)
        case .column, .constraint, .option: presence(inTable: part)
        }
    }

    private func former(_ table: Table) -> Table? {
        if let id = table.id, let old = before.tables.first(where: { $0.id == id }) { return old }
        guard let old = before.tables[table.name], old.id == nil || table.id == nil else {
            return nil
        }
        return old
    }

    private func former(_ table: VirtualTable) -> VirtualTable? {
        if let id = table.id, let old = before.virtualTables.first(where: { $0.id == id }) {
            return old
        }
        guard let old = before.virtualTables[table.name], old.id == nil || table.id == nil else {
            return nil
        }
        return old
    }

    private var entityPresence: BlamePresence {
        func compared<Value: Hashable>(_ old: Value?, _ new: Value?) -> BlamePresence {
            guard let new else { return .same(.entity) }
            guard let old else { return .absent }
            return old == new ? .same(.entity) : .different(.entity)
        }
        switch folder {
        case .tables:
            if let table = after.virtualTables[name] {
                return compared(former(table)?.withoutID, table.withoutID)
            }
            return after.tables[name].map { compared(former($0)?.name, $0.name) } ?? .same(.entity)
        case .indexes: return presence(ofIndex: name, as: .entity)
        case .views: return compared(before.views[name], after.views[name])
        case .triggers: return compared(before.triggers[name], after.triggers[name])
        }
    }

    private func presence(ofIndex name: Identifier, as part: BlamePart? = nil) -> BlamePresence {
        let part = part ?? .index(name)
        guard let new = after.indexes[name] else { return .same(part) }
        guard let old = before.indexes[name] else { return .absent }
        return renaming.apply(to: old) == new ? .same(part) : .different(part)
    }

    private func presence(inTable part: BlamePart) -> BlamePresence {
        guard let new = after.tables[name] else { return .same(part) }
        guard let old = former(new) else { return .absent }
        let renamed = renaming.apply(to: old)
        switch part {
        case .column(let id, let name):
            let place =
                old.columns.firstIndex { $0.id != nil && $0.id == id }
                ?? old.columns.firstIndex { $0.name.matches(name) && ($0.id == nil || id == nil) }
            guard let place, let column = new.column(named: name) else { return .absent }
            let former = old.columns[place]
            let isSame =
                former.name == name && renamed.columns[place].withoutID == column.withoutID
            let counterpart = BlamePart.column(former.id, former.name)
            return isSame ? .same(counterpart) : .different(counterpart)
        case .constraint(let constraint):
            if let place = renamed.constraints.firstIndex(of: constraint) {
                return .same(.constraint(old.constraints[place]))
            }
            guard let name = constraint.name,
                let named = old.constraints.first(where: { $0.name?.matches(name) == true })
            else { return .absent }
            return .different(.constraint(named))
        case .option(let option):
            return old.options.contains(option) ? .same(part) : .absent
        case .entity, .index: return .absent
        }
    }
}

extension Table {
    /// What stands behind the columns' parenthesis, each by itself.
    var options: [String] {
        (isStrict ? ["STRICT"] : []) + (isWithoutRowID ? ["WITHOUT ROWID"] : [])
    }
}
