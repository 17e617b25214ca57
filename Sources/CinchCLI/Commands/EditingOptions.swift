import ArgumentParser
import Cinch
import CinchSchema

/// What every command takes that commits a change.
struct EditingOptions: ParsableArguments {
    @Option(name: .shortAndLong, help: "The commit message; made from the change if absent.")
    var message: String?

    @Flag(help: "Print one JSON object.")
    var json = false

    @Option(help: "How many tenants to change at the same time.")
    var jobs: Int?

    @Option(
        name: .customLong("fill"),
        help: ArgumentHelp(
            "Give a column a value in rows that have none; recorded in the commit.",
            valueName: "table.column=expression"),
        transform: Self.backfill)
    var backfills: [Backfill] = []

    @Option(help: "How many rows may be parked or lose a value, whatever is configured.")
    var allowLoss: Int?

    private static func backfill(_ text: String) throws -> Backfill {
        do {
            return try Backfill(parsing: text)
        } catch {
            throw ValidationError("'\(text)' is no table.column=expression: \(error)")
        }
    }

    /// How tenants are brought along.
    func settings() -> RolloutSettings {
        var settings = Progress.settings(jobs: jobs, allowedLoss: allowLoss)
        settings.backfills = backfills
        return settings
    }

    /// Runs statements on the current branch and prints the commit.
    ///
    /// - Parameter subject: The commit message where none is given; absent for one made from
    ///   what changed.
    func run(
        _ statements: [String], on database: CinchDatabase? = nil, subject: String? = nil
    ) throws {
        let database = try database ?? Session.database()
        for statement in statements { try Self.demandOneStatement(statement) }
        let sql = statements.map { $0.hasSuffix(";") ? $0 : $0 + ";" }.joined(separator: "\n")
        let publication = try database.run(
            ddl: sql, message: message ?? subject, soundness: .demanded,
            settings: settings())
        try PublicationOutput.print(publication, json: json)
    }
}

extension EditingOptions {
    /// Arguments become part of a statement; none may end it and begin another.
    private static func demandOneStatement(_ sql: String) throws {
        guard sql.hasPrefix("CREATE") else { return }
        do {
            _ = try Statement(parsing: sql)
        } catch {
            throw CinchError(
                code: .invalid, message: "This makes no single statement: \(error)",
                hint: "Correct the SQL; several statements go into 'cinch ddl'.")
        }
    }
}

/// `--json` alone, for commands that only read.
struct ReadingOptions: ParsableArguments {
    @Flag(help: "Print one JSON object.")
    var json = false
}
