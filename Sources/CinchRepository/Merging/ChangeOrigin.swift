package import CinchGit
package import CinchSchema

/// What a question about history is about: an entity by its identity, so that renames don't
/// hide it.
package struct HistorySubject: Sendable {
    private enum Place {
        case table(Identifier, StableID?)
        case column(Identifier, StableID?, Identifier, StableID?)
        case named(Identifier)
    }

    private let place: Place
    private let attribute: String?

    /// The subject a conflict's path names, looked up in schemas that may have it.
    package init(_ entity: String, attribute: String?, in schemas: [Schema]) {
        self.attribute = attribute
        let name = Identifier(entity)
        // The first schema that has it says what it is: a table here may be a view there.
        for schema in schemas {
            if let table = schema.tables[name] {
                place = .table(name, table.id)
                return
            }
            if schema.has(name) {
                place = .named(name)
                return
            }
            for table in schema.tables {
                guard entity.hasPrefix(table.name.text + ".") else { continue }
                let column = Identifier(String(entity.dropFirst(table.name.text.count + 1)))
                if let found = table.column(named: column) {
                    place = .column(table.name, table.id, column, found.id)
                    return
                }
            }
        }
        // A table's constraint is looked for in the table.
        let owner = schemas.lazy.flatMap(\.tables).first { entity.hasPrefix($0.name.text + ".") }
        place = owner.map { .table($0.name, $0.id) } ?? .named(name)
    }

    /// What a schema has of it, as text that changes exactly when it does; absent when it has
    /// nothing.
    func text(in schema: Schema) -> String? {
        switch place {
        case .table(let name, let id):
            guard let table = Self.find(schema.tables, name, id, id: \.id) else { return nil }
            guard let attribute else { return table.ddl(ids: false) }
            return attribute == "name"
                ? table.name.text
                : ([table.isStrict ? "STRICT" : "", table.isWithoutRowID ? "WITHOUT ROWID" : ""]
                    + table.constraints.map(\.ddl)
                    + table.columns.filter { $0.primaryKey != nil }.map(\.name.text))
                    .joined(separator: "\n")
        case .column(let tableName, let tableID, let name, let id):
            guard let table = Self.find(schema.tables, tableName, tableID, id: \.id),
                let column = Self.find(table.columns, name, id, id: \.id)
            else { return nil }
            return column.text(of: attribute)
        case .named(let name):
            return schema.indexes[name]?.ddl ?? schema.views[name]?.ddl
                ?? schema.triggers[name]?.ddl ?? schema.virtualTables[name]?.ddl(ids: false)
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
    fileprivate func has(_ name: Identifier) -> Bool {
        views[name] != nil || indexes[name] != nil || triggers[name] != nil
            || virtualTables[name] != nil
    }
}

extension Column {
    /// One attribute as text, by the name that conflicts give it; the whole column for none.
    fileprivate func text(of attribute: String?) -> String {
        switch attribute {
        case "name": name.text
        case "type": declaredType
        case "nullability": notNull == nil ? "NULL" : "NOT NULL"
        case "default": defaultValue?.rule.sql ?? ""
        case "collation": collation?.rule.text ?? ""
        case "generated": generated?.rule.expression.sql ?? ""
        default: ddl
        }
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
