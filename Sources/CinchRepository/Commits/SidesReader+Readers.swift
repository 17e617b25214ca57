import CinchGit
import CinchSchema

extension SidesReader {
    /// A view or trigger that is the same on all sides.
    private struct Reader {
        var file: File
        var id: ObjectID
        /// The words of its text, as SQLite compares names.
        var words: [String]
    }

    /// Views and triggers that are the same on all sides of a merge and speak of a table whose
    /// columns aren't, or of a view that isn't or speaks of such.
    ///
    /// Of the others only the text is read: what is in none of its words it doesn't speak of.
    mutating func readersOfChanges() throws -> [File] {
        var new = namesOfChanges()
        guard !new.isEmpty else { return [] }
        var changed: Set<String> = []
        var waiting = try unchangedReaders()
        var found: [File] = []
        while !new.isEmpty {
            changed.formUnion(new.map(\.key))
            let firstWords = new.map { $0.text.spokenWords.first }
            let sought = Set(firstWords.compactMap(\.self))
            // A name without a letter or digit is in no word.
            let isAnySought = firstWords.contains(nil)
            new = []
            var others: [Reader] = []
            for reader in waiting {
                guard isAnySought || reader.words.contains(where: sought.contains),
                    let statement = try statement(of: reader),
                    statement.mentions.contains(where: { changed.contains($0.key) })
                else {
                    others.append(reader)
                    continue
                }
                found.append(reader.file)
                if case .view = statement { new.append(statement.name) }
            }
            for reader in others {
                for side in files.indices { files[side][reader.file] = nil }
            }
            waiting = others
        }
        return found
    }

    private mutating func statement(of reader: Reader) throws -> Statement? {
        for side in files.indices { files[side][reader.file] = reader.id }
        try parse(reader.file)
        return statements[reader.id]
    }

    private mutating func unchangedReaders() throws -> [Reader] {
        try [EntityFolder.views, .triggers].flatMap { folder in
            try names(in: folder).values.sorted { $0.name < $1.name }.compactMap { entry in
                let file = File(folder: folder, name: entry.name)
                guard !files.contains(where: { $0[file] != nil }) else { return nil }
                let sql = try git.readEntity(
                    entry.id, path: "\(folder.rawValue)/\(entry.name)", tree: trees[0])
                return Reader(file: file, id: entry.id, words: sql.spokenWords)
            }
        }
    }

    /// Names of tables whose columns differ, and of views that do.
    private func namesOfChanges() -> [Identifier] {
        Set(files.flatMap(\.keys))
            .sorted { $0.name < $1.name }.flatMap { file -> [Identifier] in
                let sides = files.map { $0[file].flatMap { statements[$0] } }
                let columns = sides.map { side -> [String]? in
                    guard case .table(let table)? = side else { return nil }
                    return table.columns.map(\.name.key) + (table.isWithoutRowID ? [""] : [])
                }
                switch file.folder {
                case .tables where columns.allSatisfy { $0 != nil && $0 == columns[0] }: return []
                case .tables, .views: return Set(sides.compactMap { $0?.name }).sorted()
                default: return []
                }
            }
    }
}

extension String {
    /// The words of an SQL text that may be names or parts of them, as SQLite compares names.
    fileprivate var spokenWords: [String] {
        Identifier(self).key.utf8.split { !$0.isIdentifierByte }
            .map { String(decoding: $0, as: UTF8.self) }
    }
}
