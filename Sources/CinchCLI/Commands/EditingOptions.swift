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

    @Flag(help: "Ask no pre-commit and no pre-merge hook.")
    var noVerify = false

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
        settings.isVerified = !noVerify
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
        let publication = try database.run(
            statements: statements, message: message ?? subject, settings: settings())
        try PublicationOutput.print(publication, json: json)
    }
}

/// `--json` alone, for commands that only read.
struct ReadingOptions: ParsableArguments {
    @Flag(help: "Print one JSON object.")
    var json = false
}
