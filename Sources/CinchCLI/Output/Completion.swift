import ArgumentParser
import Cinch
import CinchGit
import CinchMaterializer
import CinchSchema

/// What a shell offers when Tab is pressed: names of the project at hand.
///
/// Where there is no project, or it can't be read, nothing is offered.
enum Completion {
    /// Branches and tags, and branches of remotes.
    static let revisions = names { database in
        try ["HEAD"]
            + database.git.listReferences("refs/").compactMap { reference in
                ["refs/heads/", "refs/tags/", "refs/remotes/"].contains {
                    reference.name.description.hasPrefix($0)
                } ? reference.name.shortName : nil
            }
    }

    static let branches = names { try $0.branches().map(\.name) }

    static let remotes = names { try $0.remotes().map(\.name) }

    static let shippedHooks = CompletionKind.list(ShippedHook.all.map(\.name))

    static let hooks = CompletionKind.list(
        Hook.allCases.map(\.rawValue) + ShippedHook.all.map(\.name))

    static let tenants = names { try $0.tenants().catalog.tenants().map { "\($0.name)" } }

    static let tables = names { database in
        let schema = try database.schema(at: "HEAD")
        return (schema.tables.map(\.name) + schema.virtualTables.map(\.name)).map(\.text)
    }

    static let views = names { try $0.schema(at: "HEAD").views.map(\.name.text) }

    static let indexes = names { try $0.schema(at: "HEAD").indexes.map(\.name.text) }

    static let triggers = names { try $0.schema(at: "HEAD").triggers.map(\.name.text) }

    /// Tables, views, indexes and triggers; after `TABLE.` its columns.
    static let entities = CompletionKind.custom { _, _, prefix in
        let schema = (try? Session.database().schema(at: "HEAD")) ?? Schema()
        if let point = prefix.lastIndex(of: "."),
            let table = schema.tables[Identifier(String(prefix[..<point]))]
        {
            return words(table.columns.map { "\(table.name).\($0.name)" })
        }
        return words(schema.entityNames)
    }

    /// Names that only a database can tell.
    private static func names(
        _ list: @escaping @Sendable (CinchDatabase) throws -> [String]
    ) -> CompletionKind {
        .custom { _, _, _ in words((try? list(Session.database())) ?? []) }
    }

    /// Names as the script of the shell that asks must get them.
    ///
    /// That of bash gives them to `compgen -W`, which expands each as a word of the shell: of a
    /// table named `$(command)` it would run the command. That of zsh takes what follows a colon
    /// for a description. No name with a control character can be offered, since each is a line.
    private static func words(_ names: [String]) -> [String] {
        let shell = CompletionShell.requesting
        let lines = names.filter { name in
            !name.unicodeScalars.contains { $0.value < 32 || $0.value == 127 }
        }
        if shell == .bash {
            return lines.map { escaped($0) { $0.isASCII && !$0.isLetter && !$0.isNumber } }
        }
        if shell == .zsh { return lines.map { escaped($0) { $0 == "\\" || $0 == ":" } } }
        return lines
    }

    private static func escaped(_ name: String, _ isSpecial: (Character) -> Bool) -> String {
        name.reduce(into: "") { $0 += isSpecial($1) ? "\\\($1)" : "\($1)" }
    }
}
