/// The renames that marks ask for and that have not been made yet.
struct OutstandingRenames {
    /// Old names by the key of the new one.
    var tables: [String: Identifier] = [:]
    /// The same for virtual tables.
    var virtualTables: [String: Identifier] = [:]
    /// By the key of the table's new name: old names by the key of the new one.
    var columns: [String: [String: Identifier]] = [:]
}

/// The marks on things of one sort, among which a name is one thing: the tables, or the columns
/// of one table.
struct RenameScope {
    /// A name, and an id where it can be relied on.
    typealias Named = (name: Identifier, id: StableID?)

    var marks: [RenameHints.Mark]
    /// What was there.
    var known: [Named]
    /// What the text has.
    var written: [Named]

    /// Old names by the key of the new one, without the renames that have been made already and
    /// those an id on the line makes.
    ///
    /// A rename has been made when the old name is gone and the new one is there, or when the old
    /// name belongs to something whose own rename has been made.
    ///
    /// - Parameter wasCalled: Whether what has this id now had that name before. Names alone
    ///   can't tell it of a swap, so it is asked only then.
    func outstanding(
        wasCalled: (StableID, Identifier) throws -> Bool
    ) throws -> [String: Identifier] {
        let marks = marks.filter { !$0.old.matches($0.new) }
        try refuseDoubles(marks)
        var result: [String: Identifier] = [:]
        for mark in marks where try !isMade(mark, marks, wasCalled) {
            guard let old = find(mark.old, in: known) else {
                throw RenameHints.Failure.unknown(mark)
            }
            let named = find(mark.new, in: written)?.id.flatMap { id in
                known.first { $0.id == id }
            }
            guard let named else {
                result[mark.new.key] = old.name
                continue
            }
            guard named.name.matches(mark.old) else {
                throw RenameHints.Failure.contradictsID(mark, of: named.name)
            }
        }
        try refuseRemaining(marks, result)
        return result
    }

    private func find(_ name: Identifier, in list: [Named]) -> Named? {
        list.first { $0.name.matches(name) }
    }

    private func refuseDoubles(_ marks: [RenameHints.Mark]) throws {
        var seen: [String: RenameHints.Mark] = [:]
        for mark in marks {
            if let other = seen[mark.old.key] { throw RenameHints.Failure.twice(other, mark) }
            seen[mark.old.key] = mark
        }
    }

    private func isMade(
        _ mark: RenameHints.Mark, _ marks: [RenameHints.Mark],
        _ wasCalled: (StableID, Identifier) throws -> Bool
    ) throws -> Bool {
        var chain = [mark]
        while let last = chain.last {
            guard find(last.new, in: known) != nil else { return false }
            guard find(last.old, in: known) != nil else { return true }
            guard let next = marks.first(where: { $0.new.matches(last.old) }) else { return false }
            guard next != mark else { break }
            chain.append(next)
        }
        return try chain.allSatisfy { mark in
            guard let id = find(mark.new, in: known)?.id else { return false }
            return try wasCalled(id, mark.old)
        }
    }

    /// Nothing else in the text may be what is renamed, be it by its name or by its id.
    private func refuseRemaining(
        _ marks: [RenameHints.Mark], _ renames: [String: Identifier]
    ) throws {
        for mark in marks {
            guard let old = renames[mark.new.key].flatMap({ find($0, in: known) }) else { continue }
            let twin = written.first { other in
                guard renames[other.name.key] == nil else { return false }
                return other.id.map { $0 == old.id } ?? other.name.matches(old.name)
            }
            if let twin { throw RenameHints.Failure.stillThere(mark, as: twin.name) }
        }
    }
}
