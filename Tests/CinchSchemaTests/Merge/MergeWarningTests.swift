import CinchSchema
import Testing

/// Merges that are clean, and what people are told of them.
@Suite struct MergeWarningTests {
    private static let base = """
        CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT);
        CREATE TABLE u (id INTEGER PRIMARY KEY, x TEXT);
        """

    static let rows: [(ours: [String], theirs: [String], kind: MergeWarning.Kind)] = [
        (["CREATE INDEX i ON t (a)"], ["CREATE INDEX j ON t (a)"], .redundantIndex),
        (["CREATE INDEX i ON t (a)"], ["CREATE UNIQUE INDEX j ON t (a)"], .uniqueIndex),
        (
            ["CREATE INDEX i ON t (a)"],
            ["DEFINE t (id INTEGER PRIMARY KEY, a TEXT UNIQUE, b TEXT)"], .uniqueIndex
        ),
        (
            ["CREATE INDEX i ON t (a, b)"],
            ["DEFINE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT, UNIQUE (a, b))"], .uniqueIndex
        ),
        (
            ["DEFINE t (id INTEGER PRIMARY KEY, a INT, b TEXT)"], ["CREATE INDEX i ON t (a)"],
            .comparison
        ),
        (
            ["DEFINE t (id INTEGER PRIMARY KEY, a TEXT COLLATE NOCASE, b TEXT)"],
            ["CREATE UNIQUE INDEX i ON t (a)"], .comparison
        ),
        (
            ["CREATE TRIGGER f AFTER INSERT ON t BEGIN SELECT 1; END"],
            ["CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT 2; END"], .triggerOrder
        ),
        (
            ["CREATE TRIGGER f AFTER INSERT ON t BEGIN INSERT INTO u (x) VALUES (new.a); END"],
            ["CREATE TRIGGER g AFTER INSERT ON u BEGIN UPDATE t SET a = new.x; END"], .triggerCycle
        ),
        (
            ["DEFINE u (id INTEGER PRIMARY KEY, x TEXT, y TEXT NOT NULL)"],
            ["CREATE TRIGGER f AFTER INSERT ON t BEGIN INSERT INTO u (x) VALUES (new.a); END"],
            .triggerInsert
        ),
        (
            ["DEFINE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT REFERENCES u (id))"],
            ["DEFINE u (id INTEGER PRIMARY KEY, x TEXT REFERENCES t (id))"], .foreignKeyCycle
        ),
        (
            ["DEFINE t (id TEXT PRIMARY KEY, a TEXT, b TEXT)"],
            ["ALTER TABLE u ADD COLUMN t INTEGER REFERENCES t"], .foreignKeyAffinity
        ),
        (
            ["DEFINE u (x TEXT, id INTEGER PRIMARY KEY)"],
            ["CREATE TRIGGER f AFTER INSERT ON t BEGIN INSERT INTO u VALUES (1, new.a); END"],
            .positionalInsert
        ),
        (
            ["DEFINE t (id INTEGER PRIMARY KEY, a TEXT CHECK (a > 'm'), b TEXT)"],
            ["DEFINE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT, CHECK (a IN ('b', 'c')))"],
            .contradiction
        ),
    ]

    @Test(arguments: rows.indices, [false, true])
    func aSurpriseIsAnnouncedBothWaysRound(_ row: Int, swapped: Bool) throws {
        let (ours, theirs, kind) = Self.rows[row]
        let base = try Schema(script: Self.base).numbered()
        let sides = [
            try base.edited(by: ours).numbered(from: 1000),
            try base.edited(by: theirs).numbered(from: 2000),
        ]
        let outcome = try SchemaMerge.merge(
            base: base, ours: sides[swapped ? 1 : 0], theirs: sides[swapped ? 0 : 1]
        ) { try $0.renamed($1) }
        #expect(outcome.conflicts == [])
        #expect(outcome.warnings.map(\.kind).contains(kind), "\(outcome.warnings)")
    }

    @Test func anInsertThatNamesItsColumnsIsAtHomeInAnyOrder() throws {
        let base = try Schema(script: Self.base).numbered()
        let ours = try base.edited(by: ["DEFINE u (x TEXT, id INTEGER PRIMARY KEY)"])
        let theirs = try base.edited(by: [
            "CREATE TRIGGER f AFTER INSERT ON t BEGIN INSERT INTO u (id, x) VALUES (1, 2); END"
        ])
        let outcome = try SchemaMerge.merge(base: base, ours: ours, theirs: theirs) {
            try $0.renamed($1)
        }
        #expect(outcome.warnings == [])
    }

    @Test func storageAndExpressionOfAGeneratedColumnAreTwoThings() throws {
        let base = try Schema(script: "CREATE TABLE t (a INT, g AS (a))").numbered()
        let ours = try base.edited(by: ["DEFINE t (a INT, g AS (a) STORED)"])
        let theirs = try base.edited(by: ["DEFINE t (a INT, g AS (a + 1))"])
        for (left, right) in [(ours, theirs), (theirs, ours)] {
            let outcome = try SchemaMerge.merge(base: base, ours: left, theirs: right) {
                try $0.renamed($1)
            }
            #expect(outcome.conflicts == [])
            let column = outcome.schema.tables["t"]?.column(named: "g")
            #expect(column?.ddl == "g GENERATED ALWAYS AS (a + 1) STORED")
        }
    }

    static let settled: [(ours: String, theirs: String, note: String)] = [
        (
            "DEFINE t (id INTEGER PRIMARY KEY, a TEXT NOT NULL, b TEXT)",
            "DEFINE t (id INTEGER PRIMARY KEY, a TEXT DEFAULT 'x', b TEXT)",
            "t.a was changed on both sides: nullability on ours, default on theirs"
        ),
        (
            "ALTER TABLE t ADD COLUMN c", "ALTER TABLE t ADD COLUMN d",
            "both sides added columns to t: ours come first, c, then d"
        ),
        (
            "DEFINE t (b TEXT, id INTEGER PRIMARY KEY, a TEXT)", "ALTER TABLE t ADD COLUMN d",
            "one side moved columns of t, the other added d"
        ),
    ]

    @Test(arguments: settled.indices)
    func whatIsSettledIsNoted(_ row: Int) throws {
        let (ours, theirs, note) = Self.settled[row]
        let base = try Schema(script: Self.base).numbered()
        let outcome = try SchemaMerge.merge(
            base: base, ours: base.edited(by: [ours]).numbered(from: 1000),
            theirs: base.edited(by: [theirs]).numbered(from: 2000)
        ) { try $0.renamed($1) }
        #expect(outcome.conflicts == [])
        #expect(outcome.notes == [note])
    }

    @Test func checksOfBothSidesOverOneColumnAreNotedWhereverTheyStand() throws {
        let base = try Schema(script: Self.base).numbered()
        let ours = try base.edited(by: [
            "DEFINE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT, CHECK (a <> b))"
        ])
        let notes = { (check: String) in
            let theirs = try base.edited(by: [
                "DEFINE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT, \(check))"
            ])
            return try SchemaMerge.merge(base: base, ours: ours, theirs: theirs) {
                try $0.renamed($1)
            }.notes
        }
        #expect(
            try notes("CHECK (length(b) < 9)") == [
                "both sides add CHECKs over t.b: rows must pass CHECK (a <> b)"
                    + " CHECK (length(b) < 9)"
            ])
        #expect(try notes("CHECK (id > 0)") == [])
    }

    @Test func whatNobodyIsSurprisedByIsNotAnnounced() throws {
        let base = try Schema(script: Self.base).numbered()
        let ours = try base.edited(by: ["ALTER TABLE t ADD COLUMN c INT"]).numbered(from: 1000)
        let theirs = try base.edited(by: [
            "CREATE INDEX i ON t (a)", "CREATE TABLE n (t INTEGER REFERENCES t)",
        ]).numbered(from: 2000)
        let outcome = try SchemaMerge.merge(base: base, ours: ours, theirs: theirs) {
            try $0.renamed($1)
        }
        #expect(outcome.warnings == [])
    }
}
