import ArgumentParser
import Cinch
import CinchSchema

struct PlanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan", abstract: "Show the steps that lead from one revision to another.")

    @Argument(help: "From; the deploy branch if absent.", completion: Completion.revisions)
    var from: String?
    @Argument(help: "To; HEAD if absent.", completion: Completion.revisions) var to: String?
    @Flag(help: "Print a script for sqlite3.") var sql = false
    @OptionGroup var options: ReadingOptions

    func run() throws {
        let database = try Session.database()
        // A script run by hand knows no tenant, and parks nothing.
        let plan = try database.plan(
            from: from ?? database.deployBranch, to: to ?? "HEAD", parks: !sql)
        if options.json {
            let steps = plan.stretches.flatMap { stretch in
                (stretch.dataStep.map { [Self.json($0)] } ?? [])
                    + stretch.steps.map { Self.json($0, in: plan) }
            }
            Console.print(json: [
                .init("steps", .array(steps)), .init("checks", PreflightOutput.json(plan.checks)),
            ])
        } else if sql {
            Console.printRaw(plan.script)
        } else if plan.isEmpty {
            Console.print("Nothing to do: the schemas are the same")
        } else {
            for stretch in plan.stretches {
                if let step = stretch.dataStep { Console.print("run data step \(step.name)") }
                for step in stretch.steps {
                    let loss = plan.loss(of: step).map { ", loses \($0)" } ?? ""
                    Console.print("\(step.summary) (\(step.cost.rawValue)\(loss))")
                }
            }
        }
    }

    private static func json(_ step: Step, in plan: Plan) -> JSONValue {
        .object([
            .init("summary", .string(step.summary)), .init("cost", .string(step.cost.rawValue)),
            .init("loses", plan.loss(of: step).map { .string($0) } ?? .null),
            .init("statements", .array(step.statements.map { .string($0) })),
        ])
    }

    private static func json(_ step: DataStep) -> JSONValue {
        .object([
            .init("summary", .string("run data step \(step.name)")), .init("cost", "rewrite"),
            .init("loses", .null), .init("statements", .array([.string(step.script)])),
            .init("data_step", step.json),
        ])
    }
}
