import Cinch
import Testing

/// Which statements are found in source code.
@Suite struct QueryScannerTests {
    struct Row: CustomTestStringConvertible, Sendable {
        var language: String
        var text: String
        /// `line: SQL`.
        var found: [String]
        var skipped = 0
        var testDescription: String { "\(language): \(text)" }
    }

    static let rows: [Row] = [
        Row(
            language: "py", text: "x = 1\ndb.execute(\"SELECT id FROM users WHERE id = ?\", [1])",
            found: ["2: SELECT id FROM users WHERE id = ?"]),
        Row(
            language: "py",
            text:
                "q = '''\n    SELECT id\n    FROM users\n    WHERE name = %s AND x LIKE '%s'\n'''",
            found: ["2: SELECT id\n    FROM users\n    WHERE name = ? AND x LIKE '%s'"]),
        Row(
            language: "py", text: "q = (\"SELECT id \"\n     \"FROM users\")",
            found: ["1: SELECT id FROM users"]),
        Row(language: "py", text: "f\"SELECT id FROM {table}\"", found: [], skipped: 1),
        Row(language: "py", text: "\"SELECT id FROM {}\".format(t)", found: [], skipped: 1),
        Row(
            language: "py", text: "\"SELECT id FROM users WHERE a = %s\" % a", found: [], skipped: 1
        ),
        Row(language: "py", text: "\"SELECT id FROM \" + table", found: [], skipped: 1),
        Row(
            language: "py", text: "# \"SELECT id FROM users\"\n'''Select a thing from it.'''",
            found: []),
        Row(language: "py", text: "r'DELETE FROM users'", found: ["1: DELETE FROM users"]),
        Row(
            language: "swift",
            text: "let a = \"\"\"\n    UPDATE users\n    SET name = :name\n    \"\"\"",
            found: ["2: UPDATE users\n    SET name = :name"]),
        Row(language: "swift", text: "\"SELECT \\(column) FROM users\"", found: [], skipped: 1),
        Row(
            language: "swift", text: "#\"SELECT \"id\" FROM users\"#",
            found: ["1: SELECT \"id\" FROM users"]),
        Row(
            language: "ts", text: "// it's\nconst q = `\n  INSERT INTO users (a)\n  VALUES (@a)`;",
            found: ["3: INSERT INTO users (a)\n  VALUES (@a)"]),
        Row(language: "js", text: "`SELECT ${a} FROM users`", found: [], skipped: 1),
        Row(
            language: "js", text: "'SELECT id ' +\n 'FROM users ' + 'WHERE id = ?'",
            found: ["1: SELECT id FROM users WHERE id = ?"]),
        Row(
            language: "go", text: "q := `SELECT id FROM users WHERE a = $1`; r := '\"'",
            found: ["1: SELECT id FROM users WHERE a = $1"]),
        Row(language: "go", text: "/* \"SELECT id FROM users\" */", found: []),
        Row(
            language: "rb", text: "db.execute 'select id from users'\n\"SELECT #{x} FROM users\"",
            found: ["1: select id from users"], skipped: 1),
        Row(
            language: "php",
            text: "$q = \"SELECT id FROM users WHERE id = ?\"; $r = \"SELECT $x FROM t\";",
            found: ["1: SELECT id FROM users WHERE id = ?"], skipped: 1),
        Row(language: "php", text: "'SELECT id FROM ' . $table", found: [], skipped: 1),
        Row(
            language: "java",
            text: "char c = '\"'; String q = \"\"\"\n  SELECT id\n  FROM users\"\"\";",
            found: ["2: SELECT id\n  FROM users"]),
        Row(language: "kt", text: "\"SELECT id FROM $table\"", found: [], skipped: 1),
        Row(
            language: "rs", text: "fn a<'a>(x: &'a str) { q(r#\"SELECT \"id\" FROM users\"#) }",
            found: ["1: SELECT \"id\" FROM users"]),
        Row(
            language: "rs", text: "q(\"SELECT id \\\n    FROM users\")",
            found: ["1: SELECT id     FROM users"]),
        Row(
            language: "cs",
            text: "q(@\"SELECT \"\"id\"\" FROM users\"); $\"SELECT {x} FROM users\"",
            found: ["1: SELECT \"id\" FROM users"], skipped: 1),
        Row(
            language: "sql",
            text: """
                -- SELECT nothing FROM here;
                CREATE TABLE a (x);
                CREATE TRIGGER t AFTER INSERT ON a BEGIN
                    UPDATE a SET x = NEW.x;
                END;
                SELECT ';' FROM a; /* ; */
                WITH b AS (SELECT x FROM a) SELECT x FROM b
                """,
            found: ["6: SELECT ';' FROM a", "6: WITH"]),
        Row(language: "py", text: "\"SELECT FROM WHERE\"", found: [], skipped: 1),
        Row(language: "py", text: "\"SELECT 1 FROM a; DELETE FROM a\"", found: [], skipped: 1),
        Row(language: "py", text: "\"unterminated SELECT id FROM a", found: []),
        // What is no literal takes no more than its line with it.
        Row(
            language: "js", text: "a = /[\"'/]/g; b = 'SELECT 1 FROM a'",
            found: ["1: SELECT 1 FROM a"]),
        Row(
            language: "js", text: "<p>don't</p>\nq = \"SELECT 1 FROM a\"; c = d / 'x' / e",
            found: ["2: SELECT 1 FROM a"]),
        Row(
            language: "rb", text: "a = /'/\nq 'SELECT 1 FROM a'\nb = c / 2",
            found: ["2: SELECT 1 FROM a"]),
        Row(
            language: "swift", text: "let a = /[\"]/\nlet b = \"SELECT 1 FROM a\"",
            found: ["2: SELECT 1 FROM a"]),
        Row(
            language: "py", text: "a = r'\\''; b = 'SELECT 1 FROM a'",
            found: ["1: SELECT 1 FROM a"]),
        Row(
            language: "rs", text: "/* a /* b */ \" */ q(\"SELECT 1\n  FROM a\")",
            found: ["1: SELECT 1\n  FROM a"]),
        Row(
            language: "php", text: "<p>don't</p>\n<?php\n$a = 'SELECT 1 FROM a';\n?>\nit's",
            found: ["3: SELECT 1 FROM a"]),
        Row(
            language: "php",
            text:
                "<?php\nq(<<<SQL\n  SELECT 1\n  FROM a\n  SQL, 2);\n$b = <<<A\nSELECT $x FROM a\nA;",
            found: ["3: SELECT 1\n  FROM a"], skipped: 1),
        Row(
            language: "rb",
            text:
                "q(<<~SQL, 'x')\n  SELECT 'it'\n  FROM a\nSQL\nb << C\nd = <<-E\nSELECT #{f} FROM a\n  E\n'SELECT 2 FROM a'",
            found: ["2: SELECT 'it'\n  FROM a", "9: SELECT 2 FROM a"], skipped: 1),
        Row(
            language: "sql",
            text: """
                CREATE TRIGGER t AFTER INSERT ON a BEGIN
                    UPDATE a SET x = CASE WHEN 1 THEN 2 END;
                    DELETE FROM a; -- all
                END;
                SELECT 1 FROM a
                """,
            found: ["5: SELECT 1 FROM a"]),
    ]

    @Test(arguments: rows)
    func literalsThatAreStatementsAreFound(_ row: Row) throws {
        let scanner = try #require(try QueryScanner(row.text, fileExtension: row.language))
        let found = scanner.queries.map { query in
            "\(query.line): \(StoredQuery(sql: query.sql, places: []).sql)"
        }
        #expect(found.count == row.found.count, "\(found)")
        for (found, wanted) in zip(found, row.found) where !wanted.hasSuffix("WITH") {
            #expect(found == wanted)
        }
        #expect(scanner.skippedCount == row.skipped)
    }

    @Test func otherFilesAreNone() throws {
        #expect(try QueryScanner("\"SELECT 1 FROM a\"", fileExtension: "txt") == nil)
        #expect(try QueryScanner("", fileExtension: "") == nil)
    }

    @Test func aQueryIsCalledByItsText() {
        let query = StoredQuery(sql: "\n -- why\n SELECT 1;\n", places: [])
        #expect(query.sql == "SELECT 1")
        // printf 'SELECT 1' | sha256sum
        #expect(query.name == "e004ebd5b553")
    }
}
