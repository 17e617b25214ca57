/// Types that are not what they look like (datatype3, section 3.1).
enum TypeLint: LintGroup {
    static let typeAffinity = LintRule(
        "type-affinity", "A type that SQLite takes for another", .warning,
        why: """
            SQLite knows no types but what the letters of a declared one make of it. STRING is a number \
            to it, so '007' becomes 7; FLOATING POINT and CHARINT are integers, for the letters INT; \
            DATETIME and JSON are numbers where a value looks like one (told once, where the type comes \
            into the schema); INT PRIMARY KEY is not the rowid, takes NULL and counts nothing up.
            """,
        example: "CREATE TABLE parts (code STRING, weight FLOATING POINT);",
        fix: """
            Write the type that is meant: TEXT, INTEGER, REAL, BLOB or NUMERIC. In a STRICT table \
            nothing else can be written.
            """)

    static let notStrict = LintRule(
        "not-strict", "A new table that isn't STRICT", .info,
        why: """
            An ordinary table stores any value in any column: text in an INTEGER column stays text. A \
            STRICT one refuses it.
            """,
        example: "CREATE TABLE readings (sensor INTEGER, value REAL);",
        fix:
            "Put STRICT behind the closing parenthesis, with the types INTEGER, REAL, TEXT, BLOB, ANY."
    )

    static let rules = [typeAffinity, notStrict]

    static func findings(in change: LintedChange) -> [LintFinding] {
        // A word that is merely odd is told once, where it comes into the schema.
        var known = Set(
            change.before.tables.flatMap { $0.columns.map(\.declaredType.asciiUppercased) })
        return change.after.tables.flatMap { table -> [LintFinding] in
            guard !table.isStrict else { return [] }
            var findings: [LintFinding] = []
            if change.old(table.name) == nil {
                findings.append(
                    LintFinding(
                        notStrict, table.name.text, "table \(table.name) takes any value anywhere",
                        suggestion: "Make it STRICT.", at: LintPlace(.table, table.name)))
            }
            for column in change.retypedColumns(of: table) {
                guard let surprise = TypeSurprise(column, of: table) else { continue }
                let isNew = known.insert(column.declaredType.asciiUppercased).inserted
                guard isNew || surprise.severity > .info else { continue }
                findings.append(
                    LintFinding(
                        typeAffinity, "\(table.name).\(column.name)",
                        "\(table.name).\(column.name): \(surprise.message)",
                        suggestion: surprise.suggestion, severity: surprise.severity,
                        at: LintPlace(column: column.name, of: table)))
            }
            return findings
        }
    }
}

/// What somebody who wrote a type may not expect of it.
private struct TypeSurprise {
    var message: String
    var suggestion: String?
    var severity: LintSeverity

    init?(_ column: Column, of table: Table) {
        let declared = column.declaredType
        let type = Token.unquote(declared).asciiUppercased
        let word = String(type.prefix { $0 != "(" }).split(separator: " ").joined(separator: " ")
        switch Affinity(declaredType: declared) {
        case .integer:
            if !Self.hasInteger(word) {
                self.init(
                    "\(declared) is an integer to SQLite, for the letters INT in it", "INTEGER")
                if let meant = Self.meant(word) { suggestion = "Write \(meant)." }
            } else if word != "INTEGER", Self.isOnlyKey(column, of: table) {
                self.init(
                    "\(declared) PRIMARY KEY is not the rowid: it takes NULL and counts nothing up",
                    "INTEGER PRIMARY KEY")
            } else {
                return nil
            }
        case .blob where type.isEmpty && column.generated == nil:
            self.init("without a type it keeps '1' and 1 apart", nil, .info)
        case .numeric where Self.texts.contains(word):
            self.init("\(declared) is a number to SQLite: the text '007' becomes 7", "TEXT")
        case .numeric where Self.blobs.contains(word):
            self.init(
                "\(declared) is a number to SQLite, text that looks like one becomes one", "BLOB")
            severity = .info
        case .numeric where Self.dates.contains(word):
            self.init(
                "\(declared) is a number to SQLite, and no value is checked to be a date", nil,
                .info)
        case .numeric where word.hasPrefix("JSON"):
            self.init("\(declared) is a number to SQLite, the text '1.0' becomes 1", "TEXT")
            severity = .info
        case .numeric where !Self.numbers.contains(word):
            self.init("\(declared) is no type that SQLite knows, and a number to it", nil, .info)
        default: return nil
        }
    }

    private init(_ message: String, _ type: String?, _ severity: LintSeverity = .warning) {
        self.message = message
        self.suggestion = type.map { "Write \($0)." }
        self.severity = severity
    }

    private static let texts: Set<String> = [
        "STRING", "STR", "UUID", "GUID", "XML", "ENUM", "NAME", "EMAIL", "URL", "URI", "INET",
        "SYMBOL",
    ]
    private static let blobs: Set<String> = [
        "BINARY", "VARBINARY", "BYTEA", "BYTES", "BYTE", "IMAGE", "RAW",
    ]
    private static let dates: Set<String> = [
        "DATE", "DATETIME", "TIME", "TIMESTAMP", "TIMESTAMPTZ", "TIMESTAMP WITH TIME ZONE",
        "TIMESTAMP WITHOUT TIME ZONE", "DATETIME2",
    ]
    private static let numbers: Set<String> = [
        "NUMERIC", "DECIMAL", "DEC", "NUMBER", "BOOLEAN", "BOOL", "BIT", "MONEY", "CURRENCY",
        "YEAR",
        "SERIAL", "BIGSERIAL", "FIXED",
    ]

    /// What was meant by a type with INT in it that is none.
    private static func meant(_ type: String) -> String? {
        if type.contains("FLOAT") || type.contains("POINT") || type.contains("DOUB") {
            return "REAL"
        }
        return type.contains("CHAR") || type.contains("TEXT") ? "TEXT or INTEGER" : nil
    }

    /// Whether a word of the type is some integer: INT, BIGINT, UINT8, INT64.
    private static func hasInteger(_ type: String) -> Bool {
        type.split { $0 == " " || $0 == "_" }.contains { word in
            var rest = word.drop { $0.isNumber }
            while rest.last?.isNumber == true { rest.removeLast() }
            return integers.contains(String(rest))
        }
    }

    private static let integers: Set<String> = Set(
        ["", "TINY", "SMALL", "MEDIUM", "BIG", "LONG", "SHORT", "HUGE"].flatMap { size in
            ["", "U"].flatMap { ["\($0)\(size)INT", "\(size)\($0)INT", "\($0)\(size)INTEGER"] }
        })

    /// Whether the column alone is the primary key of a table with rowids.
    private static func isOnlyKey(_ column: Column, of table: Table) -> Bool {
        let keys = table.primaryKeyColumns
        return !table.isWithoutRowID && keys.count == 1 && keys[0].matches(column.name)
            && column.primaryKey?.rule.isDescending != true
    }
}
