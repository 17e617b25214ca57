import ArgumentParser
import Cinch

struct TenantCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tenant", abstract: "Create, list and change tenants.",
        subcommands: [
            Create.self, List.self, Info.self, Rename.self, Copy.self, Vacuum.self, Delete.self,
            TenantStatusCommand.self,
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
        @Argument(help: "Its name.", completion: Completion.tenants) var name: String
        @OptionGroup var options: ReadingOptions

        func run() throws {
            let tenant = try Session.database().tenant(name)
            Facts.print(TenantCommand.facts(tenant), json: options.json)
        }
    }

    struct Rename: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "rename", abstract: "Rename a tenant.")
        @Argument(help: "Its name.", completion: Completion.tenants) var name: String
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
        @Argument(help: "The tenant.", completion: Completion.tenants) var name: String
        @Argument(help: "The new tenant's name.") var newName: String

        func run() throws {
            try Session.database().copyTenant(name, to: newName)
            Console.print("Copied tenant '\(name)' to '\(newName)'")
        }
    }

    struct Vacuum: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "vacuum",
            abstract: "Rewrite a tenant's file without its unused pages.")
        @Argument(help: "The tenant.", completion: Completion.tenants) var name: String

        func run() throws {
            let sizes = try Session.database().vacuumTenant(name)
            Console.print("Rewrote tenant '\(name)': \(sizes.before) bytes, now \(sizes.after)")
        }
    }

    struct Delete: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "delete",
            abstract: "Delete a tenant with all its rows.")
        @Argument(help: "Its name.", completion: Completion.tenants) var name: String
        @Flag(help: "Really do it.") var force = false

        func run() throws {
            let database = try Session.database()
            _ = try database.tenant(name)
            try Confirmation.demand(force, "tenant '\(name)' with all its rows")
            try database.deleteTenant(name)
            Console.print("Deleted tenant '\(name)'")
        }
    }

    static func facts(_ tenant: TenantInformation) -> [(String, JSONValue)] {
        [
            ("name", .string(tenant.name)), ("status", .string(tenant.status.rawValue)),
            ("path", .string(tenant.path)), ("size", .integer(tenant.size)),
            ("created_at", .string(tenant.createdAt)),
            ("commit", tenant.commit.map { .string($0) } ?? .null),
            ("tree", tenant.tree.map { .string($0) } ?? .null),
            ("behind", tenant.behind.map { .integer(Int64($0)) } ?? .null),
            ("outcome", tenant.outcome.map { .string($0) } ?? .null),
            ("reason", tenant.reason.map { .string($0) } ?? .null),
        ]
    }
}
