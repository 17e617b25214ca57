import ArgumentParser
import Cinch

struct QueryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "query", abstract: "Run one statement on a tenant's rows.",
        discussion: "Off the deploy branch it works on a private copy of the tenant, its preview.")

    /// How rows are printed.
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case table, json, csv
    }

    @Argument(help: "SELECT, INSERT, UPDATE, DELETE or WITH.") var sql: String
    @Option(help: "The tenant.", completion: Completion.tenants) var tenant = "main"
    @Option(help: "The branch; the current one if absent.", completion: Completion.branches)
    var branch: String?
    @Option(
        parsing: .unconditionalSingleValue,
        help: "A value for the next '?' or ':name'; 'null' is NULL.")
    var param: [String] = []
    @Option(help: "table, json or csv.") var format = Format.table
    @Option(help: "How many rows to print at most.") var limit: Int?
    @Flag(help: "The same as --format json.") var json = false

    func validate() throws {
        if let limit, limit < 0 { throw ValidationError("--limit takes a number from 0 up") }
    }

    func run() throws {
        let database = try Session.database()
        let parameters = try param.map { try SQLValue(word: $0) }
        let rows = try database.open(tenant: tenant, branch: branch)
        let result = try rows.query(sql, parameters: parameters, limit: limit)
        switch json ? .json : format {
        case .table: Console.printRaw(TableRendering.render(result))
        case .csv: Console.printRaw(CSVRendering.render(result))
        case .json:
            guard case .object(let members) = JSONRendering.document(result) else { return }
            Console.print(json: members.filter { $0.key != "version" })
        }
        if result.truncated { Console.note("note: there are more rows; raise --limit") }
    }
}
