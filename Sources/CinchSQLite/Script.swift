import CSQLite

/// One statement of a script, as `Connection.forEachStatement` shows it.
package struct ScriptStatement: Hashable, Sendable {
    /// The statement's own text without white space around it, with its semicolon and comments;
    /// empty statements after such a comment are part of it too.
    package var text: String
    /// Where it stands in the script.
    package var position: ScriptPosition
    /// Whether it writes nothing to the database.
    package var isReadOnly: Bool

    /// Builds a statement from its parts.
    package init(text: String, position: ScriptPosition, isReadOnly: Bool) {
        self.text = text
        self.position = position
        self.isReadOnly = isReadOnly
    }
}

extension Connection {
    /// Goes through a script, statement after statement.
    ///
    /// `body` gets each statement prepared but not yet run, and a closure that runs it; what
    /// stands before the call happens before, what stands after happens after. A statement whose
    /// closure is not called is skipped. The next one is prepared when `body` has returned, so it
    /// sees the tables this one made.
    ///
    /// - Throws: What `body` throws, and `SQLiteError` for a statement that can't be prepared.
    package func forEachStatement(
        in script: String,
        _ body: (ScriptStatement, _ run: () throws(SQLiteError) -> Void) throws -> Void
    ) throws {
        var reader = try ScriptReader(script, connection: self)
        while let (text, position, statement) = try reader.next() {
            let seen = ScriptStatement(
                text: text, position: position, isReadOnly: statement.isReadOnly)
            try body(seen) { () throws(SQLiteError) in try statement.run() }
        }
    }
}

/// Prepares the statements of a script one by one, letting SQLite find where each ends.
struct ScriptReader: ~Copyable {
    private let connection: Connection
    private let start: UnsafeMutablePointer<CChar>
    private let count: Int
    private var head: UnsafePointer<CChar>
    private var number = 0
    private var countedTo: UnsafePointer<CChar>
    private var line = 1

    init(_ script: String, connection: Connection) throws(SQLiteError) {
        var script = script
        count = script.utf8.count
        start = UnsafeMutablePointer<CChar>.allocate(capacity: count + 1)
        head = UnsafePointer(start)
        countedTo = head
        self.connection = connection
        let room = UnsafeMutableRawPointer(start)
        script.withUTF8 { bytes in
            if let address = bytes.baseAddress {
                room.copyMemory(from: address, byteCount: bytes.count)
            }
        }
        start[count] = 0
        // SQLite stops at a NUL; the statements after it would be dropped without a word.
        guard !UnsafeBufferPointer(start: start, count: count).contains(0) else {
            throw SQLiteError(extendedCode: SQLITE_ERROR, message: "The SQL contains a NUL byte")
        }
    }

    deinit { start.deallocate() }

    /// The next statement, prepared; nil at the end. Stray semicolons and comments are passed over.
    mutating func next() throws(SQLiteError) -> (
        text: String, position: ScriptPosition, statement: PreparedStatement
    )? {
        let end = UnsafePointer(start) + count
        while head < end {
            skipEmptyStatements(end)
            let from = head
            var handle: OpaquePointer?
            var tail: UnsafePointer<CChar>?
            // Length -1: with a length, SQLite copies the rest of the script for each statement.
            let result = sqlite3_prepare_v2(connection.handle, from, -1, &handle, &tail)
            guard result == SQLITE_OK else {
                let position = place(of: from, number: number + 1)
                throw connection.lastError(
                    sql: text(from, statementEnd(from, end)), position: position)
            }
            head = tail ?? end
            guard let handle else { continue }
            number += 1
            let position = place(of: from, number: number)
            let text = text(from, head)
            let statement = PreparedStatement(
                connection: connection, handle: handle, sql: text, position: position)
            return (text, position, statement)
        }
        return nil
    }

    private mutating func skipEmptyStatements(_ end: UnsafePointer<CChar>) {
        while head < end, isSpace(head.pointee) || head.pointee == 0x3B { head += 1 }
    }

    private mutating func place(of pointer: UnsafePointer<CChar>, number: Int) -> ScriptPosition {
        while countedTo < pointer {
            if countedTo.pointee == 0x0A { line += 1 }
            countedTo += 1
        }
        return ScriptPosition(number: number, offset: pointer - UnsafePointer(start), line: line)
    }

    private func text(
        _ from: UnsafePointer<CChar>, _ to: UnsafePointer<CChar>
    ) -> String {
        var last = to
        while last > from, isSpace((last - 1).pointee) { last -= 1 }
        let bytes = UnsafeRawBufferPointer(start: from, count: last - from)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Where a statement that can't be prepared ends: after a semicolon that completes it.
    private func statementEnd(
        _ from: UnsafePointer<CChar>, _ end: UnsafePointer<CChar>
    ) -> UnsafePointer<CChar> {
        var cursor = from
        while cursor < end {
            let isSemicolon = cursor.pointee == 0x3B
            cursor += 1
            if isSemicolon, sqlite3_complete(text(from, cursor)) != 0 { return cursor }
        }
        return end
    }

    private func isSpace(_ byte: CChar) -> Bool {
        byte == 0x20 || ((0x09...0x0D).contains(byte) && byte != 0x0B)
    }
}
