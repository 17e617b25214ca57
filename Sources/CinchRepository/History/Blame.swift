package import CinchGit
package import CinchSchema

/// Who last changed what of an entity: of a table each column, constraint, option and index; of
/// a view, index, trigger or virtual table the definition.
///
/// A table is followed through its renames, and what SQLite rewrote in a table or index for a rename
/// elsewhere is no change; the text of a view or trigger is taken as it stands. Where histories meet, a part is followed to the first parent that has the same, as git
/// does.
package struct Blame: Sendable {
    /// One part and where it is from.
    package struct Line: Sendable {
        /// `table`, `column`, `constraint`, `option`, `index`, `view` or `trigger`.
        package var kind: String
        /// The part's name; of an unnamed constraint its text.
        package var name: String
        /// The part as SQL.
        package var sql: String
        /// The commit that gave the part its present name and definition.
        package var changed: RevisionWalk.Entry
        /// The commit the part came with, under whatever name.
        package var introduced: RevisionWalk.Entry
    }

    /// `table`, `index`, `view` or `trigger`.
    package var kind: String
    /// The entity's name at the revision.
    package var name: Identifier
    /// The parts, in the order of the entity's text, indexes of a table last.
    package var lines: [Line]
}

extension SchemaRepository {
    /// Finds out where every part of an entity is from.
    ///
    /// - Returns: Absent when the commit's schema has no entity of that name.
    /// - Complexity: Reads the trees of every commit back to the entity's creation, and texts only
    ///   where the entity changed.
    package func blame(_ name: Identifier, at commit: ObjectID) throws -> Blame? {
        guard let subject = BlameSubject(name, in: try schema(of: commit)) else { return nil }
        var walk = BlameWalk(git: git, subject: subject)
        let origins = try walk.origins(from: commit)
        return Blame(
            kind: subject.folder.kind.rawValue, name: subject.name,
            lines: zip(subject.parts, origins).map { part, origin in
                Blame.Line(
                    kind: part.kind, name: part.name, sql: part.sql, changed: origin.changed,
                    introduced: origin.introduced)
            })
    }
}

/// An entity and its parts, as they are where blame begins.
struct BlameSubject {
    struct Part {
        var kind: String
        var name: String
        var sql: String
        var part: BlamePart
    }

    let folder: EntityFolder
    let name: Identifier
    let parts: [Part]

    init?(_ name: Identifier, in schema: Schema) {
        func whole(_ folder: EntityFolder, _ name: Identifier, _ sql: String) -> Self {
            Self(
                folder: folder, name: name,
                parts: [
                    Part(kind: folder.kind.rawValue, name: name.text, sql: sql, part: .entity)
                ])
        }
        if let table = schema.tables[name] {
            self.init(table, schema.indexes.filter { $0.table.matches(table.name) })
        } else if let table = schema.virtualTables[name] {
            self = whole(.tables, table.name, table.ddl(ids: false))
        } else if let view = schema.views[name] {
            self = whole(.views, view.name, view.ddl)
        } else if let index = schema.indexes[name] {
            self = whole(.indexes, index.name, index.ddl)
        } else if let trigger = schema.triggers[name] {
            self = whole(.triggers, trigger.name, trigger.ddl)
        } else {
            return nil
        }
    }

    private init(folder: EntityFolder, name: Identifier, parts: [Part]) {
        self.folder = folder
        self.name = name
        self.parts = parts
    }

    private init(_ table: Table, _ indexes: [Index]) {
        var parts = [
            Part(
                kind: "table", name: table.name.text, sql: "CREATE TABLE \(table.name.quoted)",
                part: .entity)
        ]
        for column in table.columns {
            parts.append(
                Part(
                    kind: "column", name: column.name.text, sql: column.ddl,
                    part: .column(column.id, column.name)))
        }
        for constraint in table.constraints {
            parts.append(
                Part(
                    kind: "constraint", name: constraint.name?.text ?? constraint.ddl,
                    sql: constraint.ddl, part: .constraint(constraint)))
        }
        for option in table.options {
            parts.append(Part(kind: "option", name: option, sql: option, part: .option(option)))
        }
        for index in indexes {
            parts.append(
                Part(
                    kind: "index", name: index.name.text, sql: index.ddl, part: .index(index.name)))
        }
        self.init(folder: .tables, name: table.name, parts: parts)
    }
}

/// The way back through history, each part as far as it goes.
struct BlameWalk {
    struct Origin {
        var changed: RevisionWalk.Entry
        var introduced: RevisionWalk.Entry
    }

    /// A part that is being followed, and what it is called where it is now.
    private struct Pending {
        var line: Int
        var part: BlamePart
        var changed: RevisionWalk.Entry?
    }

    /// What waits at a commit.
    private struct Station {
        var entry: RevisionWalk.Entry
        var name: Identifier
        var pending: [Pending]
    }

    private let git: GitRepository
    private let folder: EntityFolder
    private let subject: BlameSubject
    private var stations: [ObjectID: Station] = [:]
    private var origins: [Origin?]
    /// The last trees that were looked at: a parent's is the next child's.
    private var outlines: [(tree: ObjectID, file: String, outline: Outline)] = []

    init(git: GitRepository, subject: BlameSubject) {
        self.git = git
        self.subject = subject
        folder = subject.folder
        origins = subject.parts.map { _ in nil }
    }

    mutating func origins(from start: ObjectID) throws -> [Origin] {
        let entry = RevisionWalk.Entry(id: start, commit: try git.readCommit(start))
        let pending = subject.parts.enumerated().map { Pending(line: $0, part: $1.part) }
        stations[start] = Station(entry: entry, name: subject.name, pending: pending)
        // Newest first, so that where lines of history part again all of a commit's children are
        // done before it. A clock that is wrong costs a second visit, no more.
        while let next = stations.values.max(by: Self.precedes) {
            stations[next.entry.id] = nil
            try visit(next)
        }
        return origins.compactMap(\.self)
    }

    private static func precedes(_ a: Station, _ b: Station) -> Bool {
        let (first, second) = (a.entry.commit.committer.seconds, b.entry.commit.committer.seconds)
        return first != second ? first < second : a.entry.id < b.entry.id
    }

    private mutating func visit(_ station: Station) throws {
        let parents = try git.parents(of: station.entry.id)
            .map { RevisionWalk.Entry(id: $0, commit: try git.readCommit($0)) }
        var comparisons: [BlameComparison?] = []
        for parent in parents {
            comparisons.append(try comparison(of: station, with: parent))
            // Most commits touch nothing of it: everything is as the first parent has it.
            if comparisons.count == 1, comparisons[0] == nil {
                return wait(station.pending, at: parent, station.name)
            }
        }
        for pending in station.pending {
            var former: (parent: Int, part: BlamePart)?
            var isSame = false
            for (place, comparison) in comparisons.enumerated() where !isSame {
                switch comparison?.presence(of: pending.part) ?? .same(pending.part) {
                case .absent: continue
                case .different(let part): former = former ?? (place, part)
                case .same(let part):
                    former = (place, part)
                    isSame = true
                }
            }
            var next = pending
            if !isSame { next.changed = next.changed ?? station.entry }
            guard let former else {
                origins[pending.line] = Origin(
                    changed: next.changed ?? station.entry, introduced: station.entry)
                continue
            }
            next.part = former.part
            let name = comparisons[former.parent]?.formerName ?? station.name
            wait([next], at: parents[former.parent], name)
        }
    }

    private mutating func wait(
        _ pending: [Pending], at entry: RevisionWalk.Entry, _ name: Identifier
    ) {
        stations[entry.id, default: Station(entry: entry, name: name, pending: [])].pending +=
            pending
    }

    /// What differs from a parent; absent when nothing of the entity does.
    private mutating func comparison(
        of station: Station, with parent: RevisionWalk.Entry
    ) throws -> BlameComparison? {
        let trees = [parent.commit.tree, station.entry.commit.tree]
        guard trees[0] != trees[1], try isTouched(station.name, trees) else { return nil }
        return BlameComparison(
            try git.readSides(trees), folder: folder, name: station.name)
    }

    /// Whether the entity's file differs, or for a table any index does.
    private mutating func isTouched(_ name: Identifier, _ trees: [ObjectID]) throws -> Bool {
        let file = EntityFolder.fileName(of: name)
        let outlines = try trees.map { try outline(of: $0, file) }
        return outlines[0] != outlines[1]
    }

    private mutating func outline(of tree: ObjectID, _ file: String) throws -> Outline {
        if let known = outlines.first(where: { $0.tree == tree && $0.file == file }) {
            return known.outline
        }
        let root = try git.readEncodedTree(tree)
        var outline = Outline()
        if folder == .tables {
            outline.indexes = try root.entry(named: EntityFolder.indexes.rawValue)?.id
        }
        if let entry = try root.entry(named: folder.rawValue), entry.mode == .directory {
            // Most commits touch other things: the folder is the same, or was looked at just now.
            let known = outlines.first { $0.outline.folder == entry.id && $0.file == file }
            outline.folder = entry.id
            outline.entity =
                try known.map { $0.outline.entity }
                ?? git.readEncodedTree(entry.id).entry(named: file)?.id
        }
        if outlines.count >= 8 { outlines.removeFirst() }
        outlines.append((tree, file, outline))
        return outline
    }
}

/// What of a tree tells whether an entity may have changed.
private struct Outline: Equatable {
    /// The folder the entity is in.
    var folder: ObjectID?
    /// The entity's text.
    var entity: ObjectID?
    /// Of a table: all indexes there are.
    var indexes: ObjectID?

    static func == (a: Outline, b: Outline) -> Bool {
        a.entity == b.entity && a.indexes == b.indexes
    }
}
