import ArgumentParser
import Cinch

/// What every command takes that commits a change.
struct EditingOptions: ParsableArguments {
    @Option(name: .shortAndLong, help: "The commit message; made from the change if absent.")
    var message: String?

    @Flag(help: "Print one JSON object.")
    var json = false

    @Option(help: "How many tenants to change at the same time.")
    var jobs: Int?

    /// Runs statements on the current branch and prints the commit.
    ///
    /// - Parameter subject: The commit message where none is given; absent for one made from
    ///   what changed.
    func run(
        _ statements: [String], on database: CinchDatabase? = nil, subject: String? = nil
    ) throws {
        let database = try database ?? Session.database()
        let sql = statements.map { $0.hasSuffix(";") ? $0 : $0 + ";" }.joined(separator: "\n")
        let publication = try database.run(
            ddl: sql, message: message ?? subject, settings: Progress.settings(jobs: jobs))
        try PublicationOutput.print(publication, json: json)
    }
}

/// `--json` alone, for commands that only read.
struct ReadingOptions: ParsableArguments {
    @Flag(help: "Print one JSON object.")
    var json = false
}
