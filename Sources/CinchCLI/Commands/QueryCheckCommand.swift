import ArgumentParser
import Cinch

struct QueryCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "query-check",
        abstract:
            "Keep the application's queries, so that 'cinch check' says which a merge breaks.",
        subcommands: [Add.self, Scan.self, List.self, Remove.self])

    struct Add: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "add", abstract: "Keep one query on the current branch.")

        @Argument(help: "The statement, with ?, :name, @name or $name for its parameters.")
        var sql: String
        @Option(help: "The file it is in.") var file: String?
        @Option(help: "The line it begins on.") var line: Int?
        @OptionGroup var options: ReadingOptions

        func validate() throws {
            if (file == nil) != (line == nil) {
                throw ValidationError("--file and --line go together")
            }
            if let line, line < 1 { throw ValidationError("--line counts from 1") }
        }

        func run() throws {
            let place = file.flatMap { file in
                line.map { StoredQuery.Place(file: file, line: $0) }
            }
            let change = try Session.database().addQuery(
                sql, at: place, settings: Progress.settings())
            try QueryCheckOutput.print(change, skipped: 0, json: options.json)
        }
    }

    struct Scan: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "scan", abstract: "Keep the queries that are in files of source code.",
            discussion: """
                Looks at string literals of .py .swift .js .ts .go .rb .php .java .kt .rs .cs files, and at \
                .sql files. Queries of these files that are there no more are forgotten. Statements that are \
                put together at run time are passed over, and counted.
                """)

        @Argument(help: "A folder, or one file.") var path: String
        @OptionGroup var options: ReadingOptions

        func run() throws {
            let database = try Session.database()
            var found: [StoredQuery] = []
            var skipped = 0
            let folder = SourceFiles.plain(path)
            for file in try SourceFiles.all(in: folder) {
                let ending = SourceFiles.ending(file)
                guard QueryScanner.reads(fileExtension: ending) else { continue }
                guard let text = try? TextFile.read(file) else {
                    Console.note(
                        TerminalSafe.text("note: '\(file)' passed over: it can't be read as UTF-8"))
                    continue
                }
                guard let scanner = try QueryScanner(text, fileExtension: ending) else { continue }
                skipped += scanner.skippedCount
                found += scanner.queries.map { query in
                    StoredQuery(
                        sql: query.sql, places: [StoredQuery.Place(file: file, line: query.line)])
                }
            }
            let change = try database.replaceQueries(
                found, under: folder, settings: Progress.settings())
            try QueryCheckOutput.print(change, skipped: skipped, json: options.json)
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List the queries.")

        @Argument(help: "The revision.") var revision = "HEAD"
        @OptionGroup var options: ReadingOptions

        func run() throws {
            let queries = try Session.database().queries(at: revision)
            if options.json {
                Console.print(json: [.init("queries", .array(queries.map(QueryCheckOutput.json)))])
            } else {
                for query in queries { Console.print(QueryCheckOutput.line(query)) }
            }
        }
    }

    struct Remove: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "remove", abstract: "Forget queries on the current branch.")

        @Argument(help: "Their names, or the first digits.") var names: [String]
        @OptionGroup var options: ReadingOptions

        func run() throws {
            let change = try Session.database().removeQueries(
                names, settings: Progress.settings())
            try QueryCheckOutput.print(change, skipped: 0, json: options.json)
        }
    }
}
