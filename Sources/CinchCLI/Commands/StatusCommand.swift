import ArgumentParser
import Cinch
import CinchGit

struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Show where you are.")

    @OptionGroup var options: ReadingOptions

    func run() throws {
        let database = try Session.database()
        let branch = try database.currentBranch().shortName
        let tip = try database.commit("HEAD")
        let deployed = try database.commit(database.deployBranch)
        let ahead = try database.log(
            "\(database.deployBranch)..HEAD", limit: nil, topological: false)
        let behind = try database.log(
            "HEAD..\(database.deployBranch)", limit: nil, topological: false)
        if options.json {
            Console.print(json: [
                .init("database", .string(database.name.text)), .init("branch", .string(branch)),
                .init("commit", .string(tip.hex)),
                .init("deploy_branch", .string(database.deployBranch)),
                .init("deployed_commit", .string(deployed.hex)),
                .init("ahead", .integer(Int64(ahead.count))),
                .init("behind", .integer(Int64(behind.count))),
                .init(
                    "unfinished",
                    try database.unfinishedMerge().map { .string($0.command.rawValue) } ?? .null),
            ])
            return
        }
        defer {
            if let merge = try? database.unfinishedMerge() {
                Console.note(
                    "hint: A \(merge.command.rawValue) of '\(merge.revision)' is unfinished; see"
                        + " 'cinch conflicts'.")
            }
            MergeOutput.noteUnfinished(database)
        }
        Console.print("On branch \(branch) of database \(database.name)")
        Console.print("At \(tip.abbreviated()) \(try database.git.readCommit(tip).subject)")
        guard branch != database.deployBranch else { return }
        Console.print(
            "\(ahead.count) commit\(ahead.count == 1 ? "" : "s") ahead of"
                + " '\(database.deployBranch)', \(behind.count) behind")
        if !ahead.isEmpty {
            Console.print("Run 'cinch branch merge-into-main' to deploy them.")
        }
    }
}
