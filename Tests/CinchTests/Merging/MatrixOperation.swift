/// One step of a script; tables and columns are in braces under the names they have in the base.
enum Edit: Sendable {
    /// A statement.
    case run(String)
    /// Puts a text for another in the definition of a column.
    case change(String, String, to: String)
    /// Adds to the definition of a column.
    case extend(String, String)
    /// Puts a constraint of the table in the place of a column's PRIMARY KEY.
    case moveKey(String, String)
    /// Adds a constraint to a table.
    case constrain(String, String)
    /// Adds an option to a table.
    case option(String, String)
    /// Moves a column before all others of its table.
    case moveToFront(String)
}

/// Something one side of a merge does to a base.
struct MatrixOperation: Sendable {
    /// What it does, in a few words; divergences are listed by it.
    var label: String
    /// How it is done to a base on which the other side may have been at work before.
    var script: [Edit]
    /// The tables and columns that have another name afterwards, by their paths in the base.
    var renames: [String: String] = [:]
    /// The tables and columns of the base that are gone afterwards.
    var drops: Set<String> = []

    init(
        _ label: String, _ script: Edit..., renames: [String: String] = [:],
        drops: Set<String> = []
    ) {
        self.init(label, script, renames: renames, drops: drops)
    }

    init(
        _ label: String, _ script: [Edit], renames: [String: String] = [:],
        drops: Set<String> = []
    ) {
        self.label = label
        self.script = script
        self.renames = renames
        self.drops = drops
    }
}

/// What both sides of a merge start from.
struct MatrixBase: Sendable {
    var label: String
    var script: String
    /// What is tried on it.
    var operations: [MatrixOperation]

    private static let tables = """
        CREATE TABLE users (
            id INTEGER PRIMARY KEY, name TEXT, email TEXT, age INTEGER CHECK (age > 0));
        CREATE TABLE teams (id INTEGER PRIMARY KEY, title TEXT, code TEXT);
        CREATE TABLE log (entry TEXT);
        CREATE UNIQUE INDEX teams_code ON teams (code);
        """

    private static let keys = """
        CREATE INDEX users_email ON users (email);
        CREATE TABLE posts (id INTEGER PRIMARY KEY, author INTEGER REFERENCES users (id));
        """

    private static let readers = """
        CREATE VIEW emails AS SELECT id, email FROM users;
        CREATE TRIGGER changed AFTER UPDATE OF email ON users FOR EACH ROW
        BEGIN INSERT INTO log (entry) VALUES (new.email); END;
        CREATE TRIGGER joined AFTER INSERT ON teams FOR EACH ROW
        BEGIN UPDATE users SET email = new.title WHERE id = new.id; END;
        """

    static let all = [
        MatrixBase(
            label: "without dependants", script: tables, operations: MatrixOperation.basic),
        MatrixBase(
            label: "with dependants", script: tables + keys + readers,
            operations: MatrixOperation.all),
    ]
}
