package import CinchGit
package import CinchSchema

/// What a question about history is about: an entity by its identity, so that renames don't
/// hide it.
package struct HistorySubject: Sendable {
    fileprivate enum Place {
        case table(Identifier, StableID?)
        case column(Identifier, StableID?, Identifier, StableID?)
        case virtualTable(Identifier, StableID?)
        case named(Identifier)
        case trigger(Identifier)
    }

    fileprivate let place: Place
    private let attribute: String?

    /// The subject a path names, looked up in schemas that may have it.
    package init(_ entity: String, attribute: String?, in schemas: [Schema]) {
        self.attribute = attribute
        // The first schema that has it says what it is: a table here may be a view there.
        if let place = schemas.lazy.compactMap({ $0.place(of: entity) }).first {
            self.place = place
            return
        }
        let word = "trigger "
        if entity.hasPrefix(word) {
            place = .trigger(Identifier(String(entity.dropFirst(word.count))))
            return
        }
        // A table's constraint is looked for in the table.
        let owner = schemas.lazy.flatMap(\.tables).first { entity.hasPrefix($0.name.text + ".") }
        place = owner.map { .table($0.name, $0.id) } ?? .named(Identifier(entity))
    }

    /// What a path of a merge is on one side: the same thing, whatever its name is there.
    package init(
        _ entity: String, attribute: String?, kind: Conflict.Kind? = nil, in merge: TreeMerge,
        on side: MergeSide
    ) {
        let (mine, other) =
            side == .ours ? (merge.ours, merge.theirs) : (merge.theirs, merge.ours)
        let merged = merge.outcome.schema
        let schemas: [Schema]
        switch kind {
        // Each side has a thing of its own there.
        case .nameCollision, .bothAdded: schemas = [mine, merge.base, other]
        // What is gone may have left its name to something else.
        case .dependency: schemas = [merge.base, merged, mine, other]
        default:
            let isKnown = [mine, merge.base].contains { $0.has(merged.place(of: entity)) }
            schemas = isKnown ? [merged] : [mine, merge.base, other]
        }
        self.init(entity, attribute: attribute, in: schemas)
    }

    /// What a conflict is about on one side, the likeliest first.
    package static func all(of conflict: Conflict, in merge: TreeMerge, on side: MergeSide)
        -> [HistorySubject]
    {
        var attributes = [conflict.attribute]
        // A constraint may be known by another key there, and a name be kept by what was changed.
        if conflict.attribute != nil, !conflict.entity.contains(".") {
            attributes.append("constraints")
        }
        if conflict.kind == .nameCollision { attributes.append(nil) }
        return attributes.map {
            HistorySubject(
                conflict.entity, attribute: $0, kind: conflict.kind, in: merge, on: side)
        }
    }

    /// What a schema has of it, as text that changes exactly when it does; absent when it has
    /// nothing.
    func text(in schema: Schema) -> String? {
        switch place {
        case .table(let name, let id):
            return Self.find(schema.tables, name, id, id: \.id)?.text(of: attribute)
        case .column(let tableName, let tableID, let name, let id):
            guard let table = Self.find(schema.tables, tableName, tableID, id: \.id),
                let column = Self.find(table.columns, name, id, id: \.id)
            else { return nil }
            return column.text(of: attribute)
        case .virtualTable(let name, let id):
            return Self.find(schema.virtualTables, name, id, id: \.id)?.ddl(ids: false)
        case .named(let name): return schema.indexes[name]?.ddl ?? schema.views[name]?.ddl
        case .trigger(let name): return schema.triggers[name]?.ddl
        }
    }

    private static func find<Value: Named>(
        _ values: some Collection<Value>, _ name: Identifier, _ id: StableID?,
        id idOf: (Value) -> StableID?
    ) -> Value? {
        if let id { return values.first { idOf($0) == id } }
        return values.first { $0.name.matches(name) }
    }
}

extension Schema {
    /// What a path names here; absent when there is no such thing.
    fileprivate func place(of entity: String) -> HistorySubject.Place? {
        let name = Identifier(entity)
        if let table = tables[name] { return .table(name, table.id) }
        if let table = virtualTables[name] { return .virtualTable(name, table.id) }
        if views[name] != nil || indexes[name] != nil { return .named(name) }
        if triggers[name] != nil { return .trigger(name) }
        for table in tables where entity.hasPrefix(table.name.text + ".") {
            let column = Identifier(String(entity.dropFirst(table.name.text.count + 1)))
            if let found = table.column(named: column) {
                return .column(table.name, table.id, column, found.id)
            }
        }
        return nil
    }

    /// Whether something with an identity is here.
    fileprivate func has(_ place: HistorySubject.Place?) -> Bool {
        switch place {
        case .table(_, let id?): tables.contains { $0.id == id }
        case .virtualTable(_, let id?): virtualTables.contains { $0.id == id }
        case .column(_, let table, _, let id?):
            tables.contains { $0.id == table && $0.columns.contains { $0.id == id } }
        default: false
        }
    }
}

extension Table {
    /// One attribute as text, by the name that conflicts give it; the whole table for none.
    fileprivate func text(of attribute: String?) -> String {
        switch attribute {
        case nil: return ddl(ids: false)
        case "name", "(name)": return name.text
        case "columns": return Self.lines(columns.map(\.name.text))
        case "strict", "(strict)": return isStrict ? "STRICT" : ""
        case "without-rowid", "(without-rowid)": return isWithoutRowID ? "WITHOUT ROWID" : ""
        case "primary-key", "(primary-key)":
            return Self.lines(
                columns.filter { $0.primaryKey != nil }.map(\.ddl)
                    + constraints.filter(\.isPrimaryKey).map(\.ddl))
        case "constraints": return Self.lines(constraints.filter { !$0.isPrimaryKey }.map(\.ddl))
        case let key?:
            return Self.lines(
                constraints.filter { $0.key == key }.map(\.ddl)
                    + foreignKeys.filter { $0.pathKey == key }.map(\.ddl))
        }
    }
}

extension Table {
    fileprivate static func lines(_ texts: [String]) -> String { texts.joined(separator: "\n") }
}

extension Column {
    /// One attribute as text, by the name that conflicts give it; the whole column for none.
    fileprivate func text(of attribute: String?) -> String {
        var only = Column(name: "c")
        switch attribute {
        case "name": return name.text
        case "type": return declaredType
        case "nullability": only.notNull = notNull
        case "default": only.defaultValue = defaultValue
        case "collation": only.collation = collation
        case "generated": only.generated = generated
        case "primary-key": only.primaryKey = primaryKey
        case "unique": only.uniques = uniques
        case "check": only.checks = checks
        case "references": only.references = references
        default: return ddl
        }
        return only.ddl
    }
}

extension SchemaRepository {
    /// The newest commit of a line of history that changed something.
    ///
    /// A merge commit changed it when it differs from what each of its parents has.
    ///
    /// - Parameter bases: Commits the line left from; their history is not looked at.
    /// - Returns: Absent when no commit did.
    package func origin(of subject: HistorySubject, from bases: [ObjectID], to tip: ObjectID)
        throws -> ObjectID?
    {
        var walk = RevisionWalk(git, from: [tip], excluding: bases, order: .topological)
        while let entry = try walk.next() {
            if try changed(subject, in: entry.commit) { return entry.id }
        }
        return nil
    }

    /// The newest commit of a line of history that brought a data step.
    ///
    /// - Parameter scripts: The steps that are looked for, one behind another.
    /// - Returns: Absent when no commit did.
    package func origin(ofDataSteps scripts: String, from bases: [ObjectID], to tip: ObjectID)
        throws -> ObjectID?
    {
        var walk = RevisionWalk(git, from: [tip], excluding: bases, order: .topological)
        while let entry = try walk.next() {
            let parents = try entry.commit.parents.map { try git.readCommit($0).tree }
            let new = try git.dataSteps(in: entry.commit.tree, notIn: parents.first)
                .filter { scripts.contains($0.script) }
            let isNew = try new.contains { step in
                try parents.dropFirst().allSatisfy { parent in
                    try !git.dataStepNames(in: parent).contains { $0.id == step.name.id }
                }
            }
            if isNew { return entry.id }
        }
        return nil
    }

    private func changed(_ subject: HistorySubject, in commit: Commit) throws -> Bool {
        guard !commit.parents.isEmpty else {
            return subject.text(in: try schema(ofTree: commit.tree)) != nil
        }
        return try commit.parents.allSatisfy { parent in
            let sides = try git.readSides([git.readCommit(parent).tree, commit.tree])
            return subject.text(in: sides.schemas[0]) != subject.text(in: sides.schemas[1])
        }
    }
}
