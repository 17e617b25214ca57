/// The three-way merge of one file of CREATE statements, which may be all of a schema or a part.
///
/// What comes of a statement is the schema merge's answer; how it is written is as little changed
/// as can be. A statement that ends up as one side has it is that side's text, byte for byte.
/// Where both sides changed one, a merge by lines is taken if it says what the schema merge says,
/// so that comments inside survive; only otherwise is it printed canonically.
package struct SchemaFileMerge {
    /// The file after the merge.
    package struct Outcome: Hashable, Sendable {
        /// The text, with conflict markers if there are conflicts.
        package var text: [UInt8]
        /// All conflicts; empty means clean.
        package var conflicts: [Conflict]
        /// What people should know about a clean merge.
        package var notes: [String]
    }

    /// Why a file is no schema.
    package struct Refusal: Error, Hashable, Sendable {
        /// `base`, `ours` or `theirs`.
        package var side: String
        /// The line of the statement that can't be read, from 1.
        package var line: Int
        /// What is the matter with it.
        package var reason: String
    }

    /// What the merge leaves to others.
    package struct Tools {
        /// Gives a schema other names, as for `SchemaMerge.merge`.
        package var rename: (Schema, Renaming) throws -> RenamedSchema
        /// What is wrong with a merged schema and with no side: base, ours, theirs, merged.
        package var check: (Schema, Schema, Schema, Schema) -> [Conflict]
        /// Merges texts line by line: base, ours, theirs; absent when they conflict.
        package var mergeLines: ([UInt8], [UInt8], [UInt8]) -> [UInt8]?

        /// Puts the tools together.
        package init(
            rename: @escaping (Schema, Renaming) throws -> RenamedSchema,
            check: @escaping (Schema, Schema, Schema, Schema) -> [Conflict],
            mergeLines: @escaping ([UInt8], [UInt8], [UInt8]) -> [UInt8]?
        ) {
            self.rename = rename
            self.check = check
            self.mergeLines = mergeLines
        }
    }

    /// Merges three texts.
    ///
    /// - Throws: ``Refusal`` when a text isn't CREATE statements and nothing else.
    package static func merge(
        base: [UInt8], ours: [UInt8], theirs: [UInt8], with tools: Tools
    ) throws -> Outcome {
        if ours == theirs || base == theirs {
            return Outcome(text: ours, conflicts: [], notes: [])
        }
        if base == ours { return Outcome(text: theirs, conflicts: [], notes: []) }
        let files = SchemaFiles(
            base: try read(base, "base"), ours: try read(ours, "ours"),
            theirs: try read(theirs, "theirs"))
        guard files.hasStatements else {
            throw Refusal(side: "ours", line: 1, reason: "there is no CREATE statement")
        }
        let (old, mine, other) = (files.base.schema, files.ours.schema, files.theirs.schema)
        var outcome = try SchemaMerge.merge(
            base: old, ours: mine, theirs: other, renaming: tools.rename)
        if outcome.conflicts.isEmpty {
            outcome.conflicts = tools.check(old, mine, other, outcome.schema)
        }
        let means = { (text: [UInt8]) in (try? SchemaFile(text))?.schema == outcome.schema }
        if outcome.conflicts.isEmpty, let text = tools.mergeLines(base, ours, theirs), means(text) {
            return Outcome(text: text, conflicts: [], notes: outcome.notes)
        }
        let assembly = SchemaFileAssembly(files, outcome, mergeLines: tools.mergeLines)
        let text = assembly.text
        outcome.notes += assembly.uncommented.map {
            "\($0) is printed canonically; the comments inside it are gone"
        }
        guard outcome.conflicts.isEmpty else {
            return Outcome(text: text, conflicts: outcome.conflicts, notes: [])
        }
        if means(text) { return Outcome(text: text, conflicts: [], notes: outcome.notes) }
        return Outcome(
            text: Array(outcome.schema.ddl(ids: true).utf8), conflicts: [],
            notes: outcome.notes + ["the file was written anew; its comments are gone"])
    }

    private static func read(_ text: [UInt8], _ side: String) throws -> SchemaFile {
        do {
            return try SchemaFile(text)
        } catch {
            throw Refusal(side: side, line: error.line, reason: error.reason)
        }
    }
}

/// The file as the three sides have it.
struct SchemaFiles {
    var base: SchemaFile
    var ours: SchemaFile
    var theirs: SchemaFile

    var hasStatements: Bool {
        [base, ours, theirs].contains { !$0.pieces.isEmpty }
    }

    func map<Value>(_ change: (SchemaFile) -> Value?) -> ThreeWay<Value> {
        ThreeWay(base: change(base), ours: change(ours), theirs: change(theirs))
    }
}

/// One entity of a file, with its piece on each side and what becomes of it.
struct FileEntity {
    var sides: ThreeWay<SchemaFile.Piece>
    /// Absent when the merge leaves it out.
    var merged: Statement?
    /// Whether it is among what conflicts.
    var isInConflict = false

    /// Whether the two sides have it in different words.
    var differs: Bool { sides.ours?.text != sides.theirs?.text }

    /// Puts together what is the same entity on each side, and finds it in the merged schema.
    static func all(_ files: SchemaFiles, _ merged: Schema) -> [FileEntity] {
        let (base, ours, theirs) = (files.base, files.ours, files.theirs)
        func places(_ file: SchemaFile) -> [EntityKey: SchemaFile.Piece] {
            Dictionary(
                file.pieces.map { (EntityKey($0.statement), $0) },
                uniquingKeysWith: { first, _ in first })
        }
        let (inBase, inOurs, inTheirs) = (places(base), places(ours), places(theirs))
        var entities: [FileEntity] = []
        func add(_ sides: ThreeWay<EntityKey>, _ merged: Statement?) {
            entities.append(
                FileEntity(
                    sides: ThreeWay(
                        base: sides.base.flatMap { inBase[$0] },
                        ours: sides.ours.flatMap { inOurs[$0] },
                        theirs: sides.theirs.flatMap { inTheirs[$0] }), merged: merged))
        }
        let tablesByID = Dictionary(
            merged.tables.compactMap { table in table.id.map { ($0, table) } },
            uniquingKeysWith: { first, _ in first })
        for sides in TableSides.all(base: base.schema, ours: ours.schema, theirs: theirs.schema) {
            let ids = Set([sides.base?.id, sides.ours?.id, sides.theirs?.id].compactMap { $0 })
            let name = sides.isKept ? sides.ours?.name ?? sides.theirs?.name : nil
            let found =
                ids.sorted().lazy.compactMap { tablesByID[$0] }.first
                ?? name.flatMap { merged.tables[$0] }
            add(sides.map { EntityKey(.table($0)) }, found.map { .table($0) })
        }
        for sides in ThreeWay<VirtualTable>.all(
            base: base.schema, ours: ours.schema, theirs: theirs.schema)
        {
            let ids = Set([sides.base?.id, sides.ours?.id, sides.theirs?.id].compactMap { $0 })
            let name = sides.isKept ? sides.ours?.name ?? sides.theirs?.name : nil
            let found =
                merged.virtualTables.first { $0.id.map(ids.contains) ?? false }
                ?? name.flatMap { merged.virtualTables[$0] }
            add(sides.map { EntityKey(.virtualTable($0)) }, found.map { .virtualTable($0) })
        }
        var seen: Set<EntityKey> = []
        for piece in ours.pieces + theirs.pieces + base.pieces {
            let key = EntityKey(piece.statement)
            let found: Statement?
            switch piece.statement {
            case .table, .virtualTable: continue
            case .index(let index): found = merged.indexes[index.name].map { .index($0) }
            case .view(let view): found = merged.views[view.name].map { .view($0) }
            case .trigger(let trigger): found = merged.triggers[trigger.name].map { .trigger($0) }
            }
            guard seen.insert(key).inserted else { continue }
            add(ThreeWay(base: key, ours: key, theirs: key), found)
        }
        return entities
    }
}

extension ThreeWay {
    /// Whether no side has dropped it.
    fileprivate var isKept: Bool { base == nil || ours != nil && theirs != nil }
}

/// What finds an entity in a file.
struct EntityKey: Hashable {
    private var kind: Int
    private var name: String

    init(_ statement: Statement) {
        name = statement.name.key
        kind =
            switch statement {
            case .table: 0
            case .virtualTable: 1
            case .index: 2
            case .view: 3
            case .trigger: 4
            }
    }
}
