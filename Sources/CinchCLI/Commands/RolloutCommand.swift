import ArgumentParser
import Cinch
import CinchMaterializer

struct RolloutCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollout",
        abstract: "See what became of rollouts, go on with one, or stop one.",
        subcommands: [List.self, Show.self, Resume.self, Cancel.self])

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List the last rollouts, newest first.")
        @Option(name: [.customShort("n"), .long], help: "How many rollouts to show.")
        var maxCount = 20
        @OptionGroup var options: ReadingOptions

        func validate() throws {
            if maxCount < 1 { throw ValidationError("--max-count takes a number from 1 up") }
        }

        func run() throws {
            let rollouts = try Session.database().rollouts(limit: maxCount)
            if options.json {
                let list = rollouts.map { JSONValue.object($0.jsonMembers) }
                Console.print(json: [.init("rollouts", .array(list))])
            } else {
                RolloutOutput.print(rollouts)
            }
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show",
            abstract: "Show a rollout and what became of each tenant, those that failed first.")
        @Argument(help: "Its number; the last one if absent.") var id: Int64?
        @Flag(help: "Only tenants that failed or had drifted.") var failed = false
        @OptionGroup var options: ReadingOptions

        func run() throws {
            let database = try Session.database()
            let rollout = try database.rollout(id)
            var outcomes = try database.outcomes(of: rollout.record)
            if failed { outcomes.removeAll { $0.state != .failed && $0.state != .drifted } }
            if options.json {
                Console.print(
                    json: rollout.jsonMembers + [
                        .init("outcomes", .array(outcomes.map(\.json)))
                    ])
            } else {
                RolloutOutput.print(rollout, outcomes)
            }
        }
    }

    struct Resume: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "resume",
            abstract: "Go on with a rollout that left tenants behind, to the deploy branch's tip.")
        @Argument(help: "Its number; the last unfinished one if absent.") var id: Int64?
        @Option(help: "How many tenants to change at the same time.") var jobs: Int?
        @OptionGroup var options: ReadingOptions

        func run() throws {
            let database = try Session.database()
            let resumption = try database.resumeRollout(
                id, settings: Progress.settings(jobs: jobs))
            let (old, report) = (resumption.rollout, resumption.report)
            if options.json {
                Console.print(
                    json: [
                        .init("resumes", .integer(old.id)),
                        .init("moved_on", .boolean(resumption.hasMovedOn)),
                    ] + report.jsonMembers)
            } else {
                Console.note("Going on with rollout \(old.id)")
                if resumption.hasMovedOn {
                    Console.note(
                        "note: '\(database.deployBranch)' has moved on from"
                            + " \(old.target.commit.prefix(7)) to \(report.target.commit.prefix(7))"
                    )
                }
                PublicationOutput.print(report)
            }
            try PublicationOutput.finish(report)
        }
    }

    struct Cancel: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "cancel",
            abstract: "Stop a rollout after the tenants in hand, or give up an unfinished one.",
            discussion: "No tenant is changed by this, nor changed back.")
        @Argument(help: "Its number; the last one if absent.") var id: Int64?
        @OptionGroup var options: ReadingOptions

        func run() throws {
            let rollout = try Session.database().cancelRollout(id)
            if options.json {
                Console.print(json: [
                    .init("id", .integer(rollout.id)),
                    .init("state", .string(rollout.state.rawValue)),
                ])
            } else if rollout.state == .cancelling {
                let process = rollout.process.map { ", process \($0)," } ?? ""
                Console.print("Rollout \(rollout.id)\(process) was asked to stop")
            } else {
                Console.print("Cancelled rollout \(rollout.id); tenants are as they are")
            }
        }
    }
}
