extension MatrixOperation {
    static let views = [
        MatrixOperation(
            "add view names",
            .run("CREATE VIEW names AS SELECT {users.id}, {users.name} FROM {users}")),
        MatrixOperation(
            "add another names", .run("CREATE VIEW names AS SELECT {users.name} FROM {users}")),
        MatrixOperation(
            "add a view of all columns", .run("CREATE VIEW everyone AS SELECT * FROM {users}")),
        MatrixOperation(
            "add a view of two tables",
            .run(
                """
                CREATE VIEW titles AS SELECT {users.name}, {teams.title}
                FROM {users} JOIN {teams} ON {users}.{users.age} = {teams}.{teams.id}
                """)),
        MatrixOperation(
            "add a view of rowids",
            .run("CREATE VIEW numbers AS SELECT rowid, {users.age} FROM {users}")),
        MatrixOperation("add a view people", .run("CREATE VIEW people AS SELECT 1 AS one")),
        MatrixOperation("drop the view emails", .run("DROP VIEW emails")),
        MatrixOperation(
            "edit the view emails", .run("DROP VIEW emails"),
            .run("CREATE VIEW emails AS SELECT {users.email}, {users.name} FROM {users}")),
        MatrixOperation(
            "add a view of the view", .run("CREATE VIEW addresses AS SELECT email FROM emails")),
    ]

    static let triggers = [
        MatrixOperation(
            "add a trigger",
            .run(
                """
                CREATE TRIGGER named AFTER INSERT ON {users} FOR EACH ROW
                BEGIN INSERT INTO {log} ({log.entry}) VALUES (new.{users.name}); END
                """)),
        MatrixOperation(
            "add an UPDATE OF trigger",
            .run(
                """
                CREATE TRIGGER renamed AFTER UPDATE OF {users.name} ON {users} FOR EACH ROW
                BEGIN INSERT INTO {log} ({log.entry}) VALUES ('renamed'); END
                """)),
        MatrixOperation(
            "add a trigger that sets name",
            .run(
                """
                CREATE TRIGGER titled AFTER UPDATE ON {teams} FOR EACH ROW
                BEGIN UPDATE {users} SET {users.name} = new.{teams.title}; END
                """)),
        MatrixOperation(
            "add a trigger that inserts rows",
            .run(
                """
                CREATE TRIGGER founded AFTER INSERT ON {teams} FOR EACH ROW
                BEGIN INSERT INTO {users} VALUES (new.{teams.id}, 'a', 'b', 1); END
                """)),
        MatrixOperation(
            "add an INSTEAD OF trigger",
            .run(
                """
                CREATE TRIGGER mailed INSTEAD OF INSERT ON emails FOR EACH ROW
                BEGIN INSERT INTO {users} ({users.email}) VALUES (new.email); END
                """)),
        MatrixOperation("drop the trigger changed", .run("DROP TRIGGER changed")),
        MatrixOperation(
            "edit the trigger changed", .run("DROP TRIGGER changed"),
            .run(
                """
                CREATE TRIGGER changed AFTER UPDATE OF {users.email} ON {users} FOR EACH ROW
                BEGIN INSERT INTO {log} ({log.entry}) VALUES (new.{users.name}); END
                """)),
    ]
}
