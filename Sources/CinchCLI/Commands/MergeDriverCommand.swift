import ArgumentParser
import Cinch
import CinchSchema

/// What git runs for files that `.gitattributes` gives `merge=cinch`.
///
/// To git 0 is clean, 1 to 128 is a conflict and more a reason to stop altogether, so that every
/// failure is 1 here.
struct MergeDriverCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge-driver",
        abstract: "Merge a file of CREATE statements for git.",
        discussion: """
            For people who keep their schema in a repository of their own:

              git config merge.cinch.name 'schemas merged by cinch'
              git config merge.cinch.driver 'cinch merge-driver %O %A %B %P'

            and in .gitattributes: schema/*.sql merge=cinch
            """)

    @Argument(help: "The file's text in the merge base, %O.") var base: String
    @Argument(help: "Our text, %A; it is replaced by the result.") var ours: String
    @Argument(help: "Their text, %B.") var theirs: String
    @Argument(help: "What the file is called in the repository, %P.") var path: String?

    func run() throws {
        let name = path ?? ours
        let result: MergeDriver.Result
        do {
            result = try MergeDriver(base: base, ours: ours, theirs: theirs).run()
        } catch {
            var failure = CinchError(translating: error)
            failure.code = .failed
            throw failure
        }
        switch result {
        case .merged(let notes):
            for note in notes { Console.note("note: \(name): \(note)") }
        case .conflicts(let conflicts):
            for conflict in conflicts { Console.note("\(name): \(conflict.summary)") }
            let count = conflicts.count
            throw CinchError(
                code: .failed,
                message: "'\(name)' can't be merged: \(count) conflict\(count == 1 ? "" : "s")",
                hint: "Edit what is between the markers, then run 'git add \(name)'.")
        case .byLines(let reason, let status):
            Console.note("note: '\(name)' is merged by lines, since it is no schema (\(reason))")
            if status != 0 { throw ExitCode(status) }
        }
    }
}
