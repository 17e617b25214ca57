package import CinchGit
package import CinchSchema

extension Schema {
    /// Gives every table and column that has no id one of its own.
    ///
    /// It is made from the parent commit, the table and the column's name, so it never depends on
    /// the definition, and the same addition to the same commit gets the same id on every branch.
    ///
    /// - Parameter parent: The commit this schema will be the child of; absent for a root commit.
    package func allocatingIDs(parent: ObjectID?) -> Schema {
        let isComplete =
            tables.allSatisfy { $0.id != nil && $0.columns.allSatisfy { $0.id != nil } }
            && virtualTables.allSatisfy { $0.id != nil }
        guard !isComplete else { return self }
        var copy = self
        var taken = Set(tables.compactMap(\.id) + virtualTables.compactMap(\.id))
        copy.tables = tables.mapValues { table in
            var table = table
            let id = table.id ?? Self.id(parent, [table.name.key], taken)
            table.id = id
            taken.insert(id)
            var columns = Set(table.columns.compactMap(\.id))
            for place in table.columns.indices where table.columns[place].id == nil {
                let id = Self.id(parent, [table.name.key, table.columns[place].name.key], columns)
                table.columns[place].id = id
                columns.insert(id)
            }
            return table
        }
        copy.virtualTables = virtualTables.mapValues { table in
            var table = table
            let id = table.id ?? Self.id(parent, [table.name.key], taken)
            table.id = id
            taken.insert(id)
            return table
        }
        return copy
    }

    private static func id(_ parent: ObjectID?, _ names: [String], _ taken: Set<StableID>)
        -> StableID
    {
        var attempt = 0
        while true {
            let text = ([parent?.hex ?? ""] + names + (attempt > 0 ? ["\(attempt)"] : []))
                .joined(separator: "\0")
            let id = StableID(hashing: text)
            if !taken.contains(id) { return id }
            attempt += 1
        }
    }
}

extension StableID {
    /// The first four bytes of the SHA-256 a git blob of this text has.
    package init(hashing text: String) {
        let digest = ObjectFormat.sha256.objectID(of: .blob, Array(text.utf8)).bytes
        self.init(digest.prefix(4).reduce(0) { $0 << 8 | UInt32($1) })
    }
}
