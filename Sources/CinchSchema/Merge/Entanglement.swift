/// The entities of a merged schema that stand on changes of both sides: only these can work on
/// either side and not in the merge.
///
/// What speaks of one another hangs together. Where everything that hangs together is as one side
/// has it, it works as it does there.
package struct Entanglement {
    /// An entity by its kind of name: tables and views share one space, so do indexes with them,
    /// triggers don't.
    private enum Node: Hashable {
        case entity(String)
        case trigger(String)
    }

    private var isEntangled: Set<Node> = []

    /// Finds what hangs together in three schemas, or parts of them.
    package init(ours: Schema, theirs: Schema, merged: Schema) {
        // Where all of it is as one side has it, nothing differs from both.
        guard merged != ours, merged != theirs else { return }
        let sides = [merged, ours, theirs]
        var values: [Node: [Statement?]] = [:]
        for (side, schema) in sides.enumerated() {
            for (node, statement) in Self.nodes(schema) {
                values[node, default: [nil, nil, nil]][side] = statement
            }
        }
        var components = Components(Set(values.keys))
        for schema in sides {
            for (node, statement) in Self.nodes(schema) {
                for name in statement.mentions where values[.entity(name.key)] != nil {
                    components.join(node, .entity(name.key))
                }
            }
        }
        var differing: [Node: (ours: Bool, theirs: Bool)] = [:]
        for (node, values) in values {
            let root = components.root(node)
            differing[root, default: (false, false)].ours =
                differing[root]?.ours == true || values[0] != values[1]
            differing[root, default: (false, false)].theirs =
                differing[root]?.theirs == true || values[0] != values[2]
        }
        for node in values.keys {
            let component = differing[components.root(node)]
            if component?.ours == true, component?.theirs == true { isEntangled.insert(node) }
        }
    }

    /// Whether nothing stands on changes of both sides.
    package var isEmpty: Bool { isEntangled.isEmpty }

    /// What of a schema stands on changes of both sides.
    package func part(of schema: Schema) -> Schema {
        var part = Schema()
        let has = { (name: Identifier) in isEntangled.contains(.entity(name.key)) }
        part.tables = NameSorted(schema.tables.filter { has($0.name) })
        part.virtualTables = NameSorted(schema.virtualTables.filter { has($0.name) })
        part.indexes = NameSorted(schema.indexes.filter { has($0.name) })
        part.views = NameSorted(schema.views.filter { has($0.name) })
        part.triggers = NameSorted(
            schema.triggers.filter { isEntangled.contains(.trigger($0.name.key)) })
        return part
    }

    private static func nodes(_ schema: Schema) -> [(Node, Statement)] {
        schema.tables.map { (.entity($0.name.key), .table($0)) }
            + schema.virtualTables.map { (.entity($0.name.key), .virtualTable($0)) }
            + schema.indexes.map { (.entity($0.name.key), .index($0)) }
            + schema.views.map { (.entity($0.name.key), .view($0)) }
            + schema.triggers.map { (.trigger($0.name.key), .trigger($0)) }
    }

    /// Sets that grow together.
    private struct Components {
        var parents: [Node: Node] = [:]

        init(_ nodes: Set<Node>) {
            for node in nodes { parents[node] = node }
        }

        mutating func root(_ node: Node) -> Node {
            var root = node
            while let parent = parents[root], parent != root { root = parent }
            parents[node] = root
            return root
        }

        mutating func join(_ a: Node, _ b: Node) { parents[root(a)] = root(b) }
    }
}

extension Statement {
    /// Names of tables and views, and perhaps of others, that the entity speaks of.
    package var mentions: Set<Identifier> {
        switch self {
        case .table(let table): Set(table.foreignKeys.map(\.parent))
        // FTS5's content='docs': what a module makes of its arguments is its own, so any word may
        // be meant.
        case .virtualTable(let table):
            Set(
                table.arguments.flatMap { argument in
                    argument.utf8.split { !$0.isIdentifierByte }.map {
                        Identifier(String(decoding: $0, as: UTF8.self))
                    }
                })
        case .index(let index): [index.table]
        case .view(let view): view.select.names
        case .trigger(let trigger):
            trigger.body.reduce(into: Set([trigger.table])) { $0.formUnion($1.names) }
                .union(trigger.condition?.names ?? [])
        }
    }
}
