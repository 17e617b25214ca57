import ArgumentParser
import Cinch

struct HooksCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hooks", abstract: "Programs that are asked, and told, when something moves.",
        discussion: "See docs/hooks.md for what they get and when they run.",
        subcommands: [List.self, Install.self, Uninstall.self, Run.self])

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List the hooks that come with cinch, and your own.")

        @OptionGroup var options: ReadingOptions

        func run() throws {
            let folder = try Session.database().hooks
            let shipped = try ShippedHook.all.map { hook in
                (hook.name, hook.hook.rawValue, hook.place, try hook.state(in: folder).rawValue)
            }
            let own = Hook.allCases.flatMap { hook in
                folder.programs(of: hook).map { ($0, hook.rawValue, $0, "own") }
            }.filter { program in !shipped.contains { $0.2 == program.0 } }
            if options.json {
                let hooks = (shipped + own).map { name, hook, place, state in
                    JSONValue.object([
                        .init("name", .string(name)), .init("hook", .string(hook)),
                        .init("path", .string("\(folder.path)/\(place)")),
                        .init("state", .string(state)),
                    ])
                }
                return Console.print(json: [.init("hooks", .array(hooks))])
            }
            for (name, _, _, state) in shipped + own {
                let padding = String(repeating: " ", count: max(1, 28 - name.count))
                Console.print("\(TerminalSafe.text(name))\(padding)\(state)")
            }
        }
    }

    struct Install: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "install", abstract: "Install hooks that come with cinch.",
            discussion: """
                Without a name: pre-merge-gate, or in a repository without tenants, as on a git
                server, pre-receive.
                """)

        @Argument(help: "Their names, see 'cinch hooks list'.", completion: Completion.shippedHooks)
        var names: [String] = []
        @Flag(help: "Replace what is there.") var force = false

        func run() throws {
            let database = try Session.database()
            let usual = database.isRepositoryAlone ? "pre-receive" : "pre-merge-gate"
            let hooks = try (names.isEmpty ? [usual] : names).map { try ShippedHook.named($0) }
            for hook in hooks {
                try hook.install(in: database.hooks, force: force)
                Console.print("Installed 'hooks/\(hook.place)'")
            }
        }
    }

    struct Uninstall: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "uninstall", abstract: "Remove a hook that came with cinch.")

        @Argument(help: "Its name.", completion: Completion.shippedHooks) var name: String
        @Flag(help: "Also when it was changed.") var force = false

        func run() throws {
            let hook = try ShippedHook.named(name)
            try hook.uninstall(from: Session.database().hooks, force: force)
            Console.print("Removed 'hooks/\(hook.place)'")
        }
    }

    struct Run: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "run", abstract: "Run a hook for the last commit, to see what it does.",
            discussion: "Exit 1 when it says no; nothing moves either way.")

        @Argument(
            help: "A hook, such as pre-merge, or one of those that come with cinch.",
            completion: Completion.hooks)
        var name: String

        func run() throws {
            let shipped = ShippedHook.all.first { $0.name == name }
            guard let hook = Hook(rawValue: name) ?? shipped?.hook else {
                throw CinchError(
                    code: .notFound, message: "There is no hook '\(TerminalSafe.text(name))'",
                    hint: "There are \(Hook.allCases.map(\.rawValue).joined(separator: ", ")).")
            }
            let isWhole = Hook(rawValue: name) != nil
            _ = Progress.settings()
            let count = try Session.database().tryHook(
                hook, program: isWhole ? nil : shipped?.place)
            guard count > 0 else {
                throw CinchError(
                    code: .notFound, message: "Nothing is installed for '\(name)'",
                    hint: "Install one with 'cinch hooks install', or write hooks/\(hook.rawValue)."
                )
            }
            Console.print("\(count) hook\(count == 1 ? "" : "s") had nothing to object")
        }
    }
}
