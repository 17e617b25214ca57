import Cinch
import GRDB
import Testing

@Suite struct ColumnSpecificationTests {
    @Test(arguments: [
        ("email:TEXT", #""email" TEXT NOT NULL"#),
        ("bio:str?", #""bio" TEXT"#),
        ("bio:text:nullable", #""bio" TEXT"#),
        ("n:int:not_null:unique", #""n" INTEGER NOT NULL UNIQUE"#),
        ("ok:bool:default=true", #""ok" BOOLEAN NOT NULL DEFAULT TRUE"#),
        ("ok:BOOLEAN:default=0", #""ok" BOOLEAN NOT NULL DEFAULT FALSE"#),
        ("price:decimal(10, 2):default=-1.50", #""price" DECIMAL(10,2) NOT NULL DEFAULT -1.50"#),
        ("name:VARCHAR(255):default=a b", #""name" VARCHAR(255) NOT NULL DEFAULT 'a b'"#),
        ("t:TEXT:default='a:b'", #""t" TEXT NOT NULL DEFAULT 'a:b'"#),
        ("t:TEXT:default='it''s'", #""t" TEXT NOT NULL DEFAULT 'it''s'"#),
        ("t:TEXT:default=\"say 'x'\"", #""t" TEXT NOT NULL DEFAULT 'say ''x'''"#),
        ("t:TEXT:default=", #""t" TEXT NOT NULL DEFAULT ''"#),
        ("t:TEXT?:default=null", #""t" TEXT DEFAULT NULL"#),
        ("t:TEXT:default=true", #""t" TEXT NOT NULL DEFAULT 'true'"#),
        ("t:TEXT:default=(json('{\"a\":1}'))", #""t" TEXT NOT NULL DEFAULT (json('{"a":1}'))"#),
        (
            "t:TEXT:default=strftime('%H:%M', 'now')",
            #""t" TEXT NOT NULL DEFAULT (strftime('%H:%M', 'now'))"#
        ),
        ("n:int:default=(1)+(2)", #""n" INTEGER NOT NULL DEFAULT ((1)+(2))"#),
        (
            "at:datetime:default=current_timestamp",
            #""at" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP"#
        ),
        ("at:date:default=2026-01-31", #""at" DATE NOT NULL DEFAULT '2026-01-31'"#),
        ("b:bytes:default=x'0A'", #""b" BLOB NOT NULL DEFAULT x'0A'"#),
        ("u:uuid", #""u" TEXT NOT NULL"#), ("j:json?", #""j" TEXT"#),
        ("n:float:check=n > 0 AND (n < 9)", #""n" REAL NOT NULL CHECK (n > 0 AND (n < 9))"#),
        ("s:TEXT:check=s IN ('a:b', 'c)')", #""s" TEXT NOT NULL CHECK (s IN ('a:b', 'c)'))"#),
        ("s:TEXT:collate=nocase:UNIQUE", #""s" TEXT NOT NULL UNIQUE COLLATE NOCASE"#),
        ("p:TEXT:fk=projects", #""p" TEXT NOT NULL REFERENCES "projects" ("id")"#),
        (
            "p:TEXT?:fk=projects.code:set_null",
            #""p" TEXT REFERENCES "projects" ("code") ON DELETE SET NULL"#
        ),
        (
            "p:TEXT:unique:fk=\"my.table\".\"c d\":cascade",
            #""p" TEXT NOT NULL UNIQUE REFERENCES "my.table" ("c d") ON DELETE CASCADE"#
        ),
        (
            "p:int:default=0:fk=t:set_default",
            #""p" INTEGER NOT NULL DEFAULT 0 REFERENCES "t" ("id") ON DELETE SET DEFAULT"#
        ),
        ("id:int:primary_key", #""id" INTEGER PRIMARY KEY NOT NULL"#),
        ("\"a:\"\"b\":TEXT", #""a:""b" TEXT NOT NULL"#),
        ("select:TEXT", #""select" TEXT NOT NULL"#),
        ("größe:double precision", #""größe" REAL NOT NULL"#),
    ])
    func shorthandBecomesADefinitionThatSQLiteTakes(_ word: String, _ sql: String) throws {
        let column = try ColumnSpecification(parsing: word)
        #expect(column.definition == sql)
        try DatabaseQueue().write { try $0.execute(sql: "CREATE TABLE t (\(sql))") }
    }

    @Test(arguments: [
        ("name", "name:TEXT"), ("name:", "name:TEXT"), ("name:?", "name:TEXT"), ("", "name"),
        (":TEXT", "name"),
        ("n:TXT", "'TEXT'"), ("n:interger", "'INTEGER'"), ("n:whatever", "Use TEXT"),
        ("n:DECIMAL(a)", "DECIMAL"),
        ("n:DECIMAL(1,2,3)", "DECIMAL"), ("n:TEXT); DROP TABLE x", "Close"),
        ("n:TEXT DROP", "TEXT"),
        ("sqlite_x:TEXT", "another name"), ("_Cinch_x:TEXT", "another name"),
        ("a\u{7}:TEXT", "letters"),
        ("n:TEXT:unqiue", "'unique'"), ("n:TEXT:unique:unique", "once"),
        ("n:TEXT:unique=1", "alone"),
        ("n:TEXT:default", "default="), ("n:TEXT:cascade", "fk=table:cascade"),
        ("n:TEXT:fk=a:cascde", "'cascade'"),
        ("n:TEXT:default=10:30", "single quotes"), ("n:TEXT:default='open", "Close"),
        ("n:TEXT:default=it's", "Close"),
        ("n:int:default=abc", "default=0"), ("n:int:default=1.5", "default=0"),
        ("n:bool:default=maybe", "default=true"),
        ("n:TEXT:default='a' || 'b'", "Balance"), ("n:int:default=(1); DROP TABLE x", "Balance"),
        ("n:int:default=(1) -- x", "Balance"), ("n:TEXT:default=null", "TEXT?"),
        ("n:int:check=n > 0) , (x", "Balance"), ("n:int:check=(n) /* x", "Balance"),
        ("n:int:check=", "Balance"),
        ("n:int:check=n > 0), x INT CHECK (1", "Balance"), ("n:int:check=n > 0 -- x", "Balance"),
        ("n:TEXT:collate=german", "nocase"), ("n:TEXT:fk=", "fk=table"),
        ("n:TEXT:fk=a.b.c", "fk=table"),
        ("n:TEXT:fk=_cinch_stamp", "your own"), ("n:TEXT:fk=t:set_null", "TEXT?"),
        ("n:TEXT:fk=t:set_default", "default="),
        ("n:TEXT?:not_null", "Leave one"), ("n:TEXT?:primary_key", "'?'"),
    ])
    func brokenShorthandIsAnErrorWithAHint(_ word: String, _ hint: String) throws {
        let error = try #require(failure { try ColumnSpecification(parsing: word) })
        #expect(error.code == .invalid)
        #expect(error.hint?.contains(hint) == true, "\(error)")
        #expect(!error.message.unicodeScalars.contains { $0.value < 32 })
    }
}
