import ArgumentParser
import Cinch

struct KeyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key", abstract: "Make and revoke the keys that 'cinch serve' asks for.",
        subcommands: [Create.self, List.self, Revoke.self, Rotate.self])

    struct Create: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "create", abstract: "Make a key and show it, this once.")
        @Option(help: "The tenant whose rows it opens.") var tenant: String?
        @Flag(help: "For everything, of every tenant.") var admin = false
        @Flag(help: "A tenant's key may only read.") var readOnly = false
        @Option(help: "What to call it.") var name = ""
        @Option(help: "How long it is good for: 90d, 12h, 30m.") var expires: String?
        @OptionGroup var options: ReadingOptions

        func validate() throws {
            guard (tenant == nil) == admin else {
                throw ValidationError("Say for whom: --tenant NAME or --admin")
            }
            guard !admin || !readOnly else {
                throw ValidationError("--read-only is for a tenant's key")
            }
        }

        func run() throws {
            let (key, information) = try Session.database().createKey(
                tenant: tenant, mayWrite: !readOnly, name: name,
                expiresIn: expires.map(KeyCommand.seconds))
            KeyCommand.show(key, information, json: options.json)
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List the keys; none is shown itself.")
        @OptionGroup var options: ReadingOptions

        func run() throws {
            let keys = try Session.database().keys()
            if options.json {
                Console.print(json: [.init("keys", .array(keys.map(\.json)))])
            } else {
                for key in keys {
                    let expiry = key.expiresAt.map {
                        "  until \(Timestamp(seconds: $0, offsetMinutes: 0).isoText)"
                    }
                    Console.print(
                        "\(key.id)  \(key.access.scope)  \(key.tenant ?? "-")  \(key.createdAt)"
                            + (expiry ?? "") + (key.name.isEmpty ? "" : "  \(key.name)"))
                }
            }
        }
    }

    struct Revoke: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "revoke", abstract: "Refuse a key from now on.")
        @Argument(help: "Its id, as 'cinch key list' has it.") var id: String

        func run() throws {
            try Session.database().revokeKey(id)
            Console.print("Revoked key '\(id)'")
        }
    }

    struct Rotate: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "rotate",
            abstract: "Make a new key in place of one, which is refused from now on.")
        @Argument(help: "Its id, as 'cinch key list' has it.") var id: String
        @OptionGroup var options: ReadingOptions

        func run() throws {
            let (key, information) = try Session.database().rotateKey(id)
            KeyCommand.show(key, information, json: options.json)
        }
    }

    private static func show(_ key: APIKey, _ information: KeyInformation, json: Bool) {
        if json {
            guard case .object(let members) = information.json else { return }
            Console.print(json: [.init("key", .string(key.text))] + members)
        } else {
            Console.print(key.text)
            Console.note("note: It is kept nowhere; its id is '\(information.id)'")
        }
    }

    /// `90d`, `12h`, `30m`, `45s`.
    private static func seconds(_ text: String) throws -> Int64 {
        let units: [Character: Int64] = ["d": 86_400, "h": 3600, "m": 60, "s": 1]
        guard let unit = text.last.flatMap({ units[$0] }), let number = Int64(text.dropLast()),
            number > 0, number <= 36_500
        else {
            throw CinchError(
                code: .usage, message: "'\(text)' is no time",
                hint: "Write 90d, 12h, 30m or 45s.")
        }
        return number * unit
    }
}
