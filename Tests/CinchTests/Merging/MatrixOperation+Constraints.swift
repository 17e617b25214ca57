extension MatrixOperation {
    static let keys = [
        MatrixOperation(
            "primary key: id and name",
            .moveKey("users.id", "PRIMARY KEY ({users.id}, {users.name})")),
        MatrixOperation(
            "primary key: email", .moveKey("users.id", "PRIMARY KEY ({users.email})")),
        MatrixOperation("AUTOINCREMENT", .extend("users.id", "AUTOINCREMENT")),
    ]

    static let constraints = [
        MatrixOperation(
            "CHECK on name", .extend("users.name", "CHECK (length({users.name}) > 0)")),
        MatrixOperation(
            "another CHECK on name", .extend("users.name", "CHECK ({users.name} <> 'root')")),
        MatrixOperation(
            "CHECK on age: grown up",
            .change("users.age", "CHECK (age > 0)", to: "CHECK (age > 17)")),
        MatrixOperation(
            "CHECK on age: born", .change("users.age", "CHECK (age > 0)", to: "CHECK (age >= 0)")),
        MatrixOperation(
            "no CHECK on age", .change("users.age", "CHECK (age > 0)", to: "")),
        MatrixOperation(
            "CHECK on name and email",
            .constrain("users", "CHECK ({users.name} <> {users.email})")),
        MatrixOperation("name UNIQUE", .constrain("users", "UNIQUE ({users.name})")),
        MatrixOperation(
            "age to teams", .extend("users.age", "REFERENCES {teams} ({teams.id})")),
        MatrixOperation(
            "age to teams, CASCADE",
            .extend("users.age", "REFERENCES {teams} ({teams.id}) ON DELETE CASCADE")),
        MatrixOperation(
            "email to teams.code", .extend("users.email", "REFERENCES {teams} ({teams.code})")),
        MatrixOperation(
            "a child of users",
            .run("CREATE TABLE pets (owner INTEGER REFERENCES {users} ({users.id}))")),
        MatrixOperation(
            "a child of users by their key",
            .run("CREATE TABLE cars (owner INTEGER REFERENCES {users})")),
        MatrixOperation(
            "author CASCADE", .extend("posts.author", "ON DELETE CASCADE")),
        MatrixOperation(
            "author SET NULL", .extend("posts.author", "ON DELETE SET NULL")),
    ]

    static let indexes = [
        MatrixOperation(
            "index name", .run("CREATE INDEX users_name ON {users} ({users.name})")),
        MatrixOperation(
            "index name and age",
            .run("CREATE INDEX users_name ON {users} ({users.name}, {users.age})")),
        MatrixOperation(
            "unique index on name",
            .run("CREATE UNIQUE INDEX users_name_once ON {users} ({users.name})")),
        MatrixOperation(
            "partial index",
            .run("CREATE INDEX users_of_age ON {users} ({users.age}) WHERE {users.name} <> ''")),
        MatrixOperation(
            "index on an expression",
            .run("CREATE INDEX users_lower ON {users} (lower({users.name}))")),
        MatrixOperation("drop the index teams_code", .run("DROP INDEX teams_code")),
        MatrixOperation(
            "teams_code over title too", .run("DROP INDEX teams_code"),
            .run("CREATE UNIQUE INDEX teams_code ON {teams} ({teams.code}, {teams.title})")),
        MatrixOperation("drop the index users_email", .run("DROP INDEX users_email")),
        MatrixOperation(
            "users_email UNIQUE", .run("DROP INDEX users_email"),
            .run("CREATE UNIQUE INDEX users_email ON {users} ({users.email})")),
    ]
}
