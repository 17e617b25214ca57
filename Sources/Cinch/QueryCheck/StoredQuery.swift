import CinchRepository
import Crypto

/// A statement of the application, kept on a branch so that a merge can be checked against it.
package struct StoredQuery: Hashable, Sendable {
    /// A line of a file.
    package struct Place: Hashable, Sendable, Comparable, CustomStringConvertible {
        /// The file, as it was named.
        package var file: String
        /// The line, from 1.
        package var line: Int

        /// Makes a place; what can't stand on one line of text is escaped.
        package init(file: String, line: Int) {
            self.file = TerminalText.escaped(file)
            self.line = line
        }

        init?(_ text: String) {
            guard let colon = text.lastIndex(of: ":"),
                let line = Int(text[text.index(after: colon)...]), line > 0
            else { return nil }
            self.init(file: String(text[..<colon]), line: line)
        }

        /// `file:line`.
        package var description: String { "\(file):\(line)" }

        /// Orders by file, then by line.
        package static func < (left: Place, right: Place) -> Bool {
            (left.file, left.line) < (right.file, right.line)
        }
    }

    /// The first twelve digits of the SQL's SHA-256, which is its file's name.
    package var name: String
    /// Where the application has it, in order.
    package var places: [Place]
    /// The statement, without comments before it and a semicolon behind it.
    package var sql: String

    /// Makes a query; the name is made of the SQL.
    package init(sql: String, places: [Place]) {
        self.sql = Self.trimmed(sql)
        self.places = Set(places).sorted()
        name = SHA256.hash(data: Array(self.sql.utf8)).prefix(6).map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }

    init(name: String, text: String) {
        let (places, sql) = QueryText.split(text)
        self.name = name
        self.places = places.compactMap(Place.init).sorted()
        self.sql = sql
    }

    var text: String { QueryText.join(places.map(\.description), sql) }

    /// Leading comments would be taken for places.
    private static func trimmed(_ sql: String) -> String {
        var rest = sql[...]
        while true {
            rest = rest.drop(while: \.isWhitespace)
            guard rest.hasPrefix("--") else { break }
            rest = rest.drop { !$0.isNewline }
        }
        while let last = rest.last, last.isWhitespace || last == ";" { rest.removeLast() }
        return String(rest)
    }
}
