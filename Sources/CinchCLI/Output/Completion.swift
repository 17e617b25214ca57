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
            return table.columns.map { "\(table.name).\($0.name)" }
        }
        return schema.entityNames
    }

    /// Names that only a database can tell.
    private static func names(
        _ list: @escaping @Sendable (CinchDatabase) throws -> [String]
    ) -> CompletionKind {
        .custom { _, _, _ in (try? list(Session.database())) ?? [] }
    }
}
