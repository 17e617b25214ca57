import ArgumentParser
import CinchGit
import Cinch

struct ImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Take over the schema of a SQLite file, or a history of migrations.",
        discussion: """
            Migrations are the .sql files of a folder in natural order, or up.sql in each of its
            folders; of a file with up and down parts only the first is run. Each becomes a commit;
            statements that change rows are run, and recorded as a data step only where a later
            constraint can't be met without them.
            """)

    @Argument(help: "A SQLite file.") var file: String?
    @Option(help: "A folder of migrations.") var migrations: String?
    @Flag(help: "Drop tables that the SQLite file doesn't have.") var replace = false
    @OptionGroup var options: EditingOptions

    func run() throws {
        let database = try Session.database()
        let settings = options.settings()
        switch (file, migrations) {
        case (let file?, nil):
            let publication = try database.importSchema(
                from: file, replacing: replace, message: options.message, settings: settings)
            try PublicationOutput.print(publication, json: options.json)
        case (nil, let folder?):
            let found = try MigrationFolder.migrations(in: folder)
            let isShown = Console.isTerminal(2)
            let (commits, publication) = try database.importMigrations(found, settings: settings) {
                if isShown, $0 % 25 == 0 { Console.note("Importing \($0)/\(2 * found.count)") }
            }
            if options.json {
                let steps = zip(found, commits).map { migration, commit in
                    JSONValue.object([
                        .init("name", .string(migration.name)),
                        .init("commit", .string(commit.hex)),
                    ])
                }
                Console.print(
                    json: publication.jsonMembers + [.init("steps", .array(steps))])
            } else {
                Console.print(
                    "Imported \(commits.count) migrations into \(publication.branch),"
                        + " now at \(publication.commit.abbreviated())")
                for note in publication.notes { Console.note("note: \(note)") }
                if let report = publication.rollout { PublicationOutput.print(report) }
            }
            try PublicationOutput.finish(publication.rollout)
        default:
            throw CinchError(
                code: .usage, message: "'import' takes a SQLite file or --migrations DIR",
                hint: "Run 'cinch import app.db' or 'cinch import --migrations DIR'.")
        }
    }
}

/// The migrations in a folder, as the common tools lay them out.
enum MigrationFolder {
    static func migrations(in folder: String) throws -> [Migration] {
        guard TextFile.isFolder(folder) else {
            throw CinchError(
                code: .notFound, message: "There is no folder '\(folder)'", hint: "Check the path.")
        }
        var migrations: [Migration] = []
        for name in try TextFile.names(in: folder) {
            let path = "\(folder)/\(name)"
            if TextFile.isFolder(path) {
                for inner in ["up.sql", "migration.sql"] {
                    guard let text = try? TextFile.read("\(path)/\(inner)") else { continue }
                    migrations.append(Migration(name: name, sql: text))
                }
            } else if name.hasSuffix(".sql"), !name.hasSuffix(".down.sql") {
                migrations.append(Migration(name: name, sql: upPart(try TextFile.read(path))))
            }
        }
        return migrations
    }

    /// What stands between an up mark and a down mark; all of it where there are no marks.
    static func upPart(_ text: String) -> String {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let mark = { (line: Substring, direction: String) in
            let folded = line.filter { !$0.isWhitespace }.lowercased()
            return ["--+goose\(direction)", "--migrate:\(direction)", "--+migrate\(direction)"]
                .contains { folded.hasPrefix($0) }
        }
        guard let up = lines.firstIndex(where: { mark($0, "up") }) else { return text }
        let after = lines[lines.index(after: up)...]
        return after.prefix { !mark($0, "down") }.joined(separator: "\n")
    }
}
