/// Writes a merged file out of the pieces of three: the statements in our order, with what they
/// added behind the statement it follows there.
struct SchemaFileAssembly {
    private let files: SchemaFiles
    private let schema: Schema
    private let mergeLines: ([UInt8], [UInt8], [UInt8]) -> [UInt8]?
    private var entities: [FileEntity]
    private var writer = PieceWriter()
    /// The statement before each, on each side.
    private let predecessors:
        (base: [EntityKey: EntityKey], ours: [EntityKey: EntityKey], theirs: [EntityKey: EntityKey])

    /// The file.
    private(set) var text: [UInt8] = []
    /// Entities both sides changed that had comments inside, which are gone.
    private(set) var uncommented: [Identifier] = []

    init(
        _ files: SchemaFiles, _ outcome: MergeOutcome,
        mergeLines: @escaping ([UInt8], [UInt8], [UInt8]) -> [UInt8]?
    ) {
        self.files = files
        self.mergeLines = mergeLines
        schema = outcome.schema
        predecessors = (
            files.base.predecessors, files.ours.predecessors, files.theirs.predecessors
        )
        entities = FileEntity.all(files, outcome.schema)
        for conflict in outcome.conflicts { mark(conflict) }
        write()
    }

    // MARK: What is in conflict

    private mutating func mark(_ conflict: Conflict) {
        let isOne = { (piece: SchemaFile.Piece?, path: String) in
            guard let name = piece?.statement.name.text else { return false }
            return path == name || path.hasPrefix(name + ".") || path == "trigger \(name)"
        }
        let isNamed = { (piece: SchemaFile.Piece?) in isOne(piece, conflict.entity) }
        let isUser = { (piece: SchemaFile.Piece?) in
            conflict.objects.contains { isOne(piece, $0) }
        }
        let differing = entities.indices.filter { entities[$0].differs }
        let found = [isUser, isNamed].map { test in
            differing.filter { place in
                let sides = entities[place].sides
                return test(sides.ours) || test(sides.theirs) || test(sides.base)
            }
        }
        // What can't be pinned down is anywhere.
        for place in found.first(where: { !$0.isEmpty }) ?? differing {
            entities[place].isInConflict = true
        }
    }

    // MARK: Order

    /// The order in which entities are written.
    private func order() -> [Int] {
        let inOurs = places { $0.ours }
        let inTheirs = places { $0.theirs }
        var order = files.ours.pieces.compactMap { inOurs[EntityKey($0.statement)] }
        var anchor: Int?
        for piece in files.theirs.pieces {
            guard let entity = inTheirs[EntityKey(piece.statement)] else { continue }
            if let known = order.firstIndex(of: entity) {
                anchor = known
            } else if entities[entity].merged != nil || entities[entity].isInConflict {
                let next = anchor.map { $0 + 1 } ?? 0
                order.insert(entity, at: next)
                anchor = next
            }
        }
        return order
    }

    /// Where each entity of a side is in the list.
    private func places(
        _ side: (ThreeWay<SchemaFile.Piece>) -> SchemaFile.Piece?
    ) -> [EntityKey: Int] {
        let pairs = entities.enumerated().compactMap { place, entity in
            side(entity.sides).map { (EntityKey($0.statement), place) }
        }
        return Dictionary(pairs, uniquingKeysWith: { first, _ in first })
    }

    // MARK: Writing

    private mutating func write() {
        let order = order()
        // What comes before the first statement is the head of the file, whichever that is.
        let heads = files.map { $0.pieces.first?.gap }
        let head = heads.ours == heads.base ? heads.theirs ?? heads.ours : heads.ours
        var isFirst = true
        for entity in order.map({ entities[$0] }) {
            let gap = isFirst ? head ?? [] : gap(before: entity)
            isFirst = false
            if entity.isInConflict || leaksStandIn(entity) {
                writer.conflict(
                    gap: gap, ours: entity.sides.ours?.text ?? [],
                    theirs: entity.sides.theirs?.text ?? [])
            } else if let merged = entity.merged {
                let text = text(of: entity, merged)
                if text.isNew,
                    [entity.sides.ours, entity.sides.theirs].contains(where: \.hasComment)
                {
                    uncommented.append(merged.name)
                }
                writer.write(gap: gap, text: text.bytes, isTerminated: text.isTerminated)
            } else {
                writer.drop(gap: gap)
            }
        }
        let trailers = files.map { $0.pieces.isEmpty ? nil : $0.trailer }
        let trailer = trailers.ours == trailers.base ? trailers.theirs : trailers.ours
        text = writer.finished(trailer: trailer ?? files.ours.trailer)
    }

    /// A conflict elsewhere can leave a temporary name, which must not get into a file.
    private func leaksStandIn(_ entity: FileEntity) -> Bool {
        entity.merged.map { NameMerge.mentionsTemporary($0.ddl) } == true && entity.differs
    }

    /// Ours, or where only they changed what is between the same two statements, theirs.
    private func gap(before entity: FileEntity) -> [UInt8] {
        let emptyLine = Array("\n\n".utf8)
        let gaps = entity.sides.map(\.gap)
        guard let piece = entity.sides.ours, let ours = gaps.ours else {
            let gap = gaps.theirs ?? []
            let isKnown = !gap.isBlank && files.base.pieces.contains { $0.gap == gap }
            return gap.isEmpty || isKnown ? emptyLine : gap
        }
        // It was first, and something stands before it now.
        guard let before = predecessors.ours[EntityKey(piece.statement)] else { return emptyLine }
        let others = [
            entity.sides.base.flatMap { predecessors.base[EntityKey($0.statement)] },
            entity.sides.theirs.flatMap { predecessors.theirs[EntityKey($0.statement)] },
        ]
        return gaps.base == ours && others == [before, before] ? gaps.theirs ?? ours : ours
    }

    /// The words of one side where it is what one side has, else of both by lines, else its own.
    private func text(of entity: FileEntity, _ merged: Statement) -> (
        bytes: [UInt8], isTerminated: Bool, isNew: Bool
    ) {
        let sides = entity.sides
        if let base = sides.base, let ours = sides.ours, let theirs = sides.theirs {
            let lines: [UInt8]? =
                if base.text == ours.text { theirs.text } else if base.text == theirs.text {
                    ours.text
                } else { mergeLines(base.text, ours.text, theirs.text) }
            if let lines, let file = try? SchemaFile(lines, tables: schema.tables),
                file.pieces.count == 1, file.pieces[0].statement == merged
            {
                return (lines, file.pieces[0].isTerminated, false)
            }
        }
        for side in [sides.ours, sides.theirs] {
            if let side, side.statement == merged { return (side.text, side.isTerminated, false) }
        }
        let lead = (sides.ours ?? sides.theirs)?.lead ?? []
        return (lead + Array(merged.ddl.utf8), true, true)
    }
}

extension SchemaFile.Piece? {
    /// Whether there is a comment behind the statement's first word, other than an id.
    fileprivate var hasComment: Bool {
        guard let self else { return false }
        let text = String(decoding: self.text.dropFirst(self.lead.count), as: UTF8.self)
        return text.contains("/*") || text.replacing("-- id ", with: "").contains("--")
    }
}

extension SchemaFile {
    /// The statement before each but the first.
    fileprivate var predecessors: [EntityKey: EntityKey] {
        let keys = pieces.map { EntityKey($0.statement) }
        return Dictionary(zip(keys.dropFirst(), keys), uniquingKeysWith: { first, _ in first })
    }
}

/// Puts pieces of text behind one another so that they stay apart.
private struct PieceWriter {
    private var text: [UInt8] = []
    /// Whether a statement has been written or dropped.
    private var isBegun = false
    private var isTerminated = true
    private var needsLineFeed = false

    mutating func write(gap: [UInt8], text piece: [UInt8], isTerminated: Bool) {
        separate(gap)
        text += piece
        self.isTerminated = isTerminated
        let lastLine = piece.split(separator: 0x0A, omittingEmptySubsequences: false).last ?? []
        needsLineFeed = zip(lastLine, lastLine.dropFirst()).contains { $0 == (0x2D, 0x2D) }
    }

    mutating func conflict(gap: [UInt8], ours: [UInt8], theirs: [UInt8]) {
        separate(gap)
        if let last = text.last, last != 0x0A { text.append(0x0A) }
        for (marker, side) in [("<<<<<<< ours", ours), ("=======", theirs)] {
            text += Array("\(marker)\n".utf8) + side
            if !side.isEmpty { text.append(0x0A) }
        }
        text += Array(">>>>>>> theirs".utf8)
        isTerminated = true
        needsLineFeed = true
    }

    /// A statement goes; comments that stand by themselves before it stay.
    mutating func drop(gap: [UInt8]) {
        isBegun = true
        guard !gap.isBlank else { return }
        var gap = gap
        while gap.last?.isSQLSpace == true { gap.removeLast() }
        if needsLineFeed, gap.first != 0x0A { text.append(0x0A) }
        text += gap
        needsLineFeed = true
    }

    private mutating func separate(_ gap: [UInt8]) {
        var gap = gap
        if !isTerminated { text += Array((needsLineFeed ? "\n;" : ";").utf8) }
        if text.isEmpty, isBegun, gap.isBlank { gap = [] }
        if needsLineFeed, isTerminated, !gap.startsLine { gap.insert(0x0A, at: 0) }
        text += gap
        isBegun = true
        isTerminated = true
        needsLineFeed = false
    }

    func finished(trailer: [UInt8]) -> [UInt8] {
        if text.isEmpty { return trailer.isBlank ? [] : trailer }
        let isOpen = needsLineFeed && !trailer.startsLine
        let joint: [UInt8] = isOpen && (endsInMarker || !trailer.isEmpty) ? [0x0A] : []
        return text + joint + trailer
    }

    private var endsInMarker: Bool { text.suffix(14) == ArraySlice(">>>>>>> theirs".utf8) }
}

extension [UInt8] {
    /// Whether it is white space only.
    fileprivate var isBlank: Bool { allSatisfy(\.isSQLSpace) }

    /// Whether it begins with the end of a line.
    fileprivate var startsLine: Bool { first == 0x0A || starts(with: [0x0D, 0x0A]) }
}
