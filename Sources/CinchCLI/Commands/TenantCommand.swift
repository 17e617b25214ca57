import ArgumentParser
import Cinch

struct TenantCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tenant", abstract: "Create, list and change tenants.",
        subcommands: [
            Create.self, List.self, Info.self, Rename.self, Copy.self, Delete.self, Status.self,
        ])

    struct Create: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "create",
            abstract: "Create tenants with the deploy branch's schema, all or none.")
        @Argument(help: "Their names; '-' reads them from standard input, one a line.")
        var names: [String]

        func run() throws {
            let names =
                try names == ["-"]
                ? TextFile.read("-").split(whereSeparator: \.isWhitespace).map(String.init) : names
            try Session.database().createTenants(names)
            if names.count == 1 {
                Console.print("Created tenant '\(names[0])'")
            } else {
                Console.print("Created \(names.count) tenants")
            }
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List the tenants.")
        @OptionGroup var options: ReadingOptions

        func run() throws {
            let tenants = try Session.database().tenantNames()
            if options.json {
                let list = tenants.map { tenant in
                    JSONValue.object([
                        .init("name", .string(tenant.name)),
                        .init("created_at", .string(tenant.createdAt)),
                    ])
                }
                Console.print(json: [.init("tenants", .array(list))])
            } else {
                Console.printRaw(tenants.map { $0.name + "\n" }.joined())
            }
        }
    }

    struct Info: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "info", abstract: "Show a tenant.")
        @Argument(help: "Its name.") var name: String
        @OptionGroup var options: ReadingOptions

        func run() throws {
            let tenant = try Session.database().tenant(name)
            Facts.print(TenantCommand.facts(tenant), json: options.json)
        }
    }

    struct Rename: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "rename", abstract: "Rename a tenant.")
        @Argument(help: "Its name.") var name: String
        @Argument(help: "Its new name.") var newName: String

        func run() throws {
            try Session.database().renameTenant(name, to: newName)
            Console.print("Renamed tenant '\(name)' to '\(newName)'")
        }
    }

    struct Copy: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "copy",
            abstract: "Copy a tenant with its rows to a new one.")
        @Argument(help: "The tenant.") var name: String
        @Argument(help: "The new tenant's name.") var newName: String

        func run() throws {
            try Session.database().copyTenant(name, to: newName)
            Console.print("Copied tenant '\(name)' to '\(newName)'")
        }
    }

    struct Delete: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "delete",
            abstract: "Delete a tenant with all its rows.")
        @Argument(help: "Its name.") var name: String
        @Flag(help: "Really do it.") var force = false

        func run() throws {
            let database = try Session.database()
            _ = try database.tenant(name)
            try Confirmation.demand(force, "tenant '\(name)' with all its rows")
            try database.deleteTenant(name)
            Console.print("Deleted tenant '\(name)'")
        }
    }

    struct Status: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "status",
            abstract: "Show which tenants are at the deploy branch's schema.")
        @Flag(help: "Only those that are not.") var behind = false
        @OptionGroup var options: ReadingOptions

        func run() throws {
            let all = try Session.database().tenantStatus()
            let shown = behind ? all.filter { $0.status != "current" } : all
            if options.json {
                let list = shown.map { tenant in
                    JSONValue.object(
                        TenantCommand.facts(tenant).map { JSONValue.Member($0.0, $0.1) })
                }
                Console.print(json: [.init("tenants", .array(list))])
            } else {
                let width = shown.map(\.name.count).max() ?? 0
                for tenant in shown {
                    let padding = String(repeating: " ", count: width - tenant.name.count)
                    Console.print(
                        "\(tenant.name)\(padding)  \(tenant.status)"
                            + "  \(tenant.commit?.prefix(7) ?? "-")")
                }
                let current = all.count { $0.status == "current" }
                Console.note(
                    "\(current) of \(all.count) tenant\(all.count == 1 ? " is" : "s are") current")
            }
        }
    }

    static func facts(_ tenant: TenantInformation) -> [(String, JSONValue)] {
        [
            ("name", .string(tenant.name)), ("status", .string(tenant.status)),
            ("path", .string(tenant.path)), ("size", .integer(tenant.size)),
            ("created_at", .string(tenant.createdAt)),
            ("commit", tenant.commit.map { .string($0) } ?? .null),
            ("tree", tenant.tree.map { .string($0) } ?? .null),
        ]
    }
}
