import CinchGit

/// The operations of a database: a line for each move of a reference, in `cinch/operations`
/// beside the repository's own files.
///
///     <operation> <undone or -> <seconds> <reference> <old> <new> <message> .
///
/// Old and new are object names, `ref:<reference>`, or `-` for none. A line without its period
/// was cut off and says nothing. A line is appended once the
/// reference has moved and isn't synced: after a power cut the last operations may be missing,
/// and then can't be taken back.
struct OperationLog {
    /// How much of the end is looked at.
    private static let window = 1 << 20
    private let file: DurableFile

    init(repository: String) {
        file = DurableFile(path: "\(repository)/cinch/operations", makesFolder: true)
    }

    /// Adds the moves of one transaction.
    func record(_ moves: [Operation.Move], message: String, seconds: Int64) throws {
        let scope = OperationScope.current ?? OperationScope()
        let text = message.split(whereSeparator: \.isNewline).joined(separator: " ")
        let lines = moves.map { move in
            [
                scope.id, scope.undone ?? "-", "\(seconds)", "\(move.name)",
                Self.word(move.old), Self.word(move.new), text, ".",
            ].joined(separator: " ")
        }
        guard !lines.isEmpty else { return }
        try file.append(lines.joined(separator: "\n"))
    }

    /// The newest operation that was not taken back and takes back no other; absent when there
    /// is none.
    func last() throws -> Operation? {
        var undone: Set<String> = []
        for operation in try operations().reversed() {
            if let other = operation.undone {
                undone.insert(other)
            } else if !undone.contains(operation.id) {
                return operation
            }
        }
        return nil
    }

    private func operations() throws -> [Operation] {
        guard let bytes = try file.read() else { return [] }
        let lines = bytes.suffix(Self.window).split(separator: UInt8(ascii: "\n"))
            .dropFirst(bytes.count > Self.window ? 1 : 0)
        var operations: [Operation] = []
        for line in lines {
            guard line.suffix(2).elementsEqual(" .".utf8) else { continue }
            guard let (operation, move) = Self.parse(line) else { continue }
            if operations.last?.id == operation.id {
                operations[operations.count - 1].moves.append(move)
                operations[operations.count - 1].message = operation.message
            } else {
                operations.append(operation)
                operations[operations.count - 1].moves = [move]
            }
        }
        return operations
    }

    private static func parse(_ line: ArraySlice<UInt8>) -> (Operation, Operation.Move)? {
        let words = String(decoding: line.dropLast(2), as: UTF8.self)
            .split(separator: " ", maxSplits: 6, omittingEmptySubsequences: false)
            .map(String.init)
        guard words.count == 7, let seconds = Int64(words[2]),
            let name = try? ReferenceName(words[3])
        else { return nil }
        return (
            Operation(
                id: words[0], undone: words[1] == "-" ? nil : words[1], seconds: seconds,
                message: words[6], moves: []),
            Operation.Move(name: name, old: reference(words[4]), new: reference(words[5]))
        )
    }

    private static func word(_ reference: Reference?) -> String {
        switch reference {
        case .direct(let id)?: id.hex
        case .symbolic(let name)?: "ref:\(name)"
        case nil: "-"
        }
    }

    private static func reference(_ word: String) -> Reference? {
        if word.hasPrefix("ref:") {
            return (try? ReferenceName(String(word.dropFirst(4)))).map { .symbolic($0) }
        }
        return ObjectID(hex: word).map { .direct($0) }
    }
}
