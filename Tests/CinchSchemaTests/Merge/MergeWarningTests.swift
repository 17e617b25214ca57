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
