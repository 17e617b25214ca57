import ArgumentParser
import Cinch
import CinchSchema

struct PlanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan", abstract: "Show the steps that lead from one revision to another.")

    @Argument(help: "From; the deploy branch if absent.") var from: String?
    @Argument(help: "To; HEAD if absent.") var to: String?
    @Flag(help: "Print a script for sqlite3.") var sql = false
    @OptionGroup var options: ReadingOptions

    func run() throws {
        let database = try Session.database()
        let before = try database.schema(at: from ?? database.deployBranch)
        let after = try database.schema(at: to ?? "HEAD")
        let plan = Plan(from: before, to: after)
        if options.json {
            let steps = plan.steps.map { step in
                JSONValue.object([
                    .init("summary", .string(step.summary)),
                    .init("cost", .string(step.cost.rawValue)),
                    .init("loses", step.loss.map { .string($0) } ?? .null),
                    .init("statements", .array(step.statements.map { .string($0) })),
                ])
            }
            Console.print(json: [
                .init("steps", .array(steps)), .init("checks", PreflightOutput.json(plan.checks)),
            ])
        } else if sql {
            Console.printRaw(plan.script)
        } else if plan.isEmpty {
            Console.print("Nothing to do: the schemas are the same")
        } else {
            for step in plan.steps {
                let loss = step.loss.map { ", loses \($0)" } ?? ""
                Console.print("\(step.summary) (\(step.cost.rawValue)\(loss))")
            }
        }
    }
}
