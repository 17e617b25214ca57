import ArgumentParser
import CinchSchema
import CinchGit
import Cinch

struct BranchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "branch", abstract: "Create, list, switch and merge branches.",
        subcommands: [
            Create.self, List.self, Switch.self, Delete.self, Rename.self, Merge.self,
            MergeIntoMain.self, Changes.self, Current.self,
        ])

    struct Create: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "create",
            abstract: "Create a branch: one reference, whatever the number of tenants.")
        @Argument(help: "Its name.") var name: String
        @Option(help: "The revision it starts at.", completion: Completion.revisions) var from =
            "HEAD"
        @Flag(name: .customLong("switch"), help: "Switch to it too.") var switches = false

        func run() throws {
            try BranchCommand.create(name, from: from, switches: switches)
        }
    }

    static func create(_ name: String, from revision: String, switches: Bool) throws {
        let database = try Session.database()
        let commit = try database.createBranch(name, from: revision)
        if switches { try database.switchBranch(name) }
        Console.print(
            "Created branch '\(name)' at \(commit.abbreviated())"
                + (switches ? " and switched to it" : ""))
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List the branches.")
        @OptionGroup var options: ReadingOptions

        func run() throws {
            let database = try Session.database()
            let current = try database.currentBranch().shortName
            let branches = try database.branches()
            if options.json {
                let list = branches.map { branch in
                    JSONValue.object([
                        .init("name", .string(branch.name)),
                        .init("commit", .string(branch.commit.hex)),
                        .init("current", .boolean(branch.name == current)),
                        .init("deployed", .boolean(branch.name == database.deployBranch)),
                    ])
                }
                Console.print(json: [.init("branches", .array(list))])
            } else {
                for branch in branches {
                    Console.print("\(branch.name == current ? "*" : " ") \(branch.name)")
                }
            }
        }
    }

    struct Switch: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "switch", abstract: "Switch to a branch.")
        @Argument(help: "Its name.", completion: Completion.branches) var name: String

        func run() throws {
            try Session.database().switchBranch(name)
            Console.print("Switched to branch '\(name)'")
        }
    }

    struct Delete: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "delete", abstract: "Delete a branch.")
        @Argument(help: "Its name.", completion: Completion.branches) var name: String
        @Flag(help: "Also when its commits are not in the deploy branch.") var force = false

        func run() throws {
            try Session.database().deleteBranch(name, force: force)
            Console.print("Deleted branch '\(name)'")
        }
    }

    struct Rename: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "rename", abstract: "Rename a branch.")
        @Argument(help: "Its name.", completion: Completion.branches) var name: String
        @Argument(help: "Its new name.") var newName: String

        func run() throws {
            try Session.database().renameBranch(name, to: newName)
            Console.print("Renamed branch '\(name)' to '\(newName)'")
        }
    }

    struct Merge: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "merge",
            abstract: "Merge a branch into another, the current one if absent.")
        @Argument(help: "The branch to merge.", completion: Completion.branches) var source: String
        @Argument(help: "The branch to merge it into.", completion: Completion.branches) var target:
            String?
        @OptionGroup var merging: MergingOptions
        @OptionGroup var options: EditingOptions

        func run() throws {
            try merging.run(source, into: target, options: options, database: Session.database())
        }
    }

    struct MergeIntoMain: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "merge-into-main",
            abstract: "Merge a branch into the deploy branch, and switch to that.")
        @Argument(help: "The branch; the current one if absent.", completion: Completion.branches)
        var branch: String?
        @OptionGroup var merging: MergingOptions
        @OptionGroup var options: EditingOptions

        func run() throws {
            let database = try Session.database()
            let branch = try branch ?? database.currentBranch().shortName
            guard branch != database.deployBranch else {
                throw CinchError(
                    code: .invalid, message: "The current branch is '\(branch)' itself",
                    hint: "Name the branch to merge: 'cinch branch merge-into-main BRANCH'.")
            }
            try merging.run(
                branch, into: database.deployBranch, switchesTo: database.deployBranch,
                options: options, database: database)
        }
    }

    struct Changes: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "changes",
            abstract: "List what a branch has changed since it left the deploy branch.")
        @Argument(help: "The branch; the current one if absent.", completion: Completion.branches)
        var branch: String?
        @OptionGroup var options: ReadingOptions

        func run() throws {
            let database = try Session.database()
            let branch = try branch ?? database.currentBranch().shortName
            let diff = try database.changes(of: branch, since: database.deployBranch)
            if options.json {
                Console.print(json: [
                    .init("branch", .string(branch)),
                    .init("changes", .array(diff.changes.map(\.json))),
                ])
            } else {
                for change in diff.changes { Console.print(change.summary) }
            }
        }
    }

    struct Current: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "current", abstract: "Print the current branch.")
        @OptionGroup var options: ReadingOptions

        func run() throws {
            let name = try Session.database().currentBranch().shortName
            if options.json {
                Console.print(json: [.init("branch", .string(name))])
            } else {
                Console.print(name)
            }
        }
    }
}
