extension MatrixOperation {
    /// What goes differently where something depends on a table.
    static let basic = tables + columns + attributes + keys

    static let all = basic + constraints + indexes + views + triggers

    static let tables = [
        MatrixOperation("add table notes", .run("CREATE TABLE notes (id INTEGER, body TEXT)")),
        MatrixOperation("add another notes", .run("CREATE TABLE notes (id INTEGER, note TEXT)")),
        MatrixOperation(
            "drop users", .run("DROP VIEW IF EXISTS emails"),
            .run("DROP TRIGGER IF EXISTS joined"), .run("DROP TABLE IF EXISTS posts"),
            .run("DROP TABLE {users}"), drops: ["users", "posts"]),
        MatrixOperation(
            "drop users and create it anew", .run("DROP TABLE {users}"),
            .run("CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT, born TEXT)"),
            drops: ["users"]),
        MatrixOperation(
            "rename users to people", .run("ALTER TABLE {users} RENAME TO people"),
            renames: ["users": "people"]),
        MatrixOperation(
            "rename users to members", .run("ALTER TABLE {users} RENAME TO members"),
            renames: ["users": "members"]),
        MatrixOperation(
            "rename teams to people", .run("ALTER TABLE {teams} RENAME TO people"),
            renames: ["teams": "people"]),
        MatrixOperation(
            "swap users and teams", .run("ALTER TABLE {users} RENAME TO swapping"),
            .run("ALTER TABLE {teams} RENAME TO users"),
            .run("ALTER TABLE swapping RENAME TO teams"),
            renames: ["users": "teams", "teams": "users"]),
        MatrixOperation(
            "rename users to people and create users anew",
            .run("ALTER TABLE {users} RENAME TO people"),
            .run("CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT, born TEXT)"),
            renames: ["users": "people"]),
        MatrixOperation("make users STRICT", .option("users", "STRICT")),
        MatrixOperation("make users WITHOUT ROWID", .option("users", "WITHOUT ROWID")),
    ]

    static let columns = [
        MatrixOperation("add city", .run("ALTER TABLE {users} ADD COLUMN city TEXT")),
        MatrixOperation("add another city", .run("ALTER TABLE {users} ADD COLUMN city INTEGER")),
        MatrixOperation(
            "add city and zip", .run("ALTER TABLE {users} ADD COLUMN city TEXT"),
            .run("ALTER TABLE {users} ADD COLUMN zip TEXT NOT NULL DEFAULT ''")),
        MatrixOperation(
            "add city and index it", .run("ALTER TABLE {users} ADD COLUMN city TEXT"),
            .run("CREATE INDEX users_city ON {users} (city)")),
        MatrixOperation("add label", .run("ALTER TABLE {users} ADD COLUMN label TEXT")),
        MatrixOperation("add title", .run("ALTER TABLE {users} ADD COLUMN title TEXT")),
        MatrixOperation("add a typeless column", .run("ALTER TABLE {users} ADD COLUMN extra")),
        MatrixOperation(
            "add a generated column",
            .run("ALTER TABLE {users} ADD COLUMN shout TEXT AS (upper({users.name}))")),
        MatrixOperation(
            "drop name", .run("ALTER TABLE {users} DROP COLUMN {users.name}"),
            drops: ["users.name"]),
        MatrixOperation(
            "drop email", .run("DROP INDEX IF EXISTS users_email"),
            .run("DROP VIEW IF EXISTS emails"), .run("DROP TRIGGER IF EXISTS changed"),
            .run("DROP TRIGGER IF EXISTS joined"),
            .run("ALTER TABLE {users} DROP COLUMN {users.email}"), drops: ["users.email"]),
        MatrixOperation(
            "drop name and add it anew", .run("ALTER TABLE {users} DROP COLUMN {users.name}"),
            .run("ALTER TABLE {users} ADD COLUMN name TEXT"), drops: ["users.name"]),
        MatrixOperation(
            "rename name to label",
            .run("ALTER TABLE {users} RENAME COLUMN {users.name} TO label"),
            renames: ["users.name": "label"]),
        MatrixOperation(
            "rename name to label and add name anew",
            .run("ALTER TABLE {users} RENAME COLUMN {users.name} TO label"),
            .run("ALTER TABLE {users} ADD COLUMN name TEXT"),
            renames: ["users.name": "label"]),
        MatrixOperation(
            "rename name to nick",
            .run("ALTER TABLE {users} RENAME COLUMN {users.name} TO nick"),
            renames: ["users.name": "nick"]),
        MatrixOperation(
            "rename email to label",
            .run("ALTER TABLE {users} RENAME COLUMN {users.email} TO label"),
            renames: ["users.email": "label"]),
        MatrixOperation(
            "swap name and email",
            .run("ALTER TABLE {users} RENAME COLUMN {users.name} TO swapping"),
            .run("ALTER TABLE {users} RENAME COLUMN {users.email} TO name"),
            .run("ALTER TABLE {users} RENAME COLUMN swapping TO email"),
            renames: ["users.name": "email", "users.email": "name"]),
        MatrixOperation("move age to the front", .moveToFront("users.age")),
        MatrixOperation("move email to the front", .moveToFront("users.email")),
    ]

    static let attributes = [
        MatrixOperation("type of name: BLOB", .change("users.name", "TEXT", to: "BLOB")),
        MatrixOperation("type of name: INTEGER", .change("users.name", "TEXT", to: "INTEGER")),
        MatrixOperation("name NOT NULL", .extend("users.name", "NOT NULL")),
        MatrixOperation("default of name: x", .extend("users.name", "DEFAULT 'x'")),
        MatrixOperation("default of name: y", .extend("users.name", "DEFAULT 'y'")),
        MatrixOperation("collation of name: NOCASE", .extend("users.name", "COLLATE NOCASE")),
    ]
}
