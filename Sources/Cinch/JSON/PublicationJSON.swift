import CinchGit
package import CinchMaterializer
package import CinchSchema

extension Publication {
    /// The publication's members as JSON.
    package var jsonMembers: [JSONValue.Member] {
        var members: [JSONValue.Member] = [
            .init("branch", .string(branch)),
            .init("commit", .string(commit.hex)),
            .init("changes", .array(changes.map(\.json))),
            .init("notes", .array(notes.map { .string($0) })),
            .init("warnings", .array(warnings.map(\.json))),
            .init("data_steps", .array(dataSteps.map(\.json))),
        ]
        if let report = rollout {
            members.append(.init("rollout", .object(report.jsonMembers)))
        }
        return members
    }
}

extension MaterializationReport {
    /// The rollout's members as JSON.
    package var jsonMembers: [JSONValue.Member] {
        [
            .init("commit", .string(target.commit)),
            .init("tree", .string(target.tree)),
            .init("tenants", .integer(Int64(entries.count))),
            .init("at_target", .integer(Int64(atTarget))),
            .init("changed", .integer(Int64(applied))),
            .init("milliseconds", .integer(Int64(milliseconds))),
            .init("interrupted", .boolean(wasCancelled)),
            .init("data", .array(effects.map(\.json))),
            .init("stop", stop.map { .string($0.rawValue) } ?? .null),
            .init("skipped", .integer(Int64(skipped))),
            .init("canaries", .array(canaries.map { .string($0) })),
            .init(
                "failed",
                .array(
                    failures.map { entry in
                        .object([
                            .init("tenant", .string(entry.name)),
                            .init("reason", .string(entry.outcome.reason)),
                        ])
                    })),
        ]
    }
}

extension TenantOutcome {
    /// Why a tenant was left as it is; empty when it wasn't.
    package var reason: String {
        switch self {
        case .failed(let reason), .unproven(let reason): reason
        case .drifted(let reason): "drifted: \(reason)"
        default: ""
        }
    }
}

extension DataEffectCount {
    /// The count as JSON.
    package var json: JSONValue {
        .object([
            .init("effect", .string(effect.kind.rawValue)),
            .init("table", .string(effect.table.text)),
            .init("column", effect.column.map { .string($0.text) } ?? .null),
            .init("rows", .integer(Int64(rows))), .init("tenants", .integer(Int64(tenants))),
        ])
    }
}

extension SchemaChange {
    /// The change as JSON.
    package var json: JSONValue {
        .object([
            .init("verb", .string(verb)), .init("kind", .string(entityKind)),
            .init("entity", .string(entity.text)), .init("summary", .string(summary)),
            .init("before", before.map { .string($0) } ?? .null),
            .init("after", after.map { .string($0) } ?? .null),
        ])
    }
}

extension DataStep {
    /// The step as JSON.
    package var json: JSONValue {
        .object([
            .init("name", .string("\(name)")),
            .init("on", .array(subjects.map { .string("\($0)") })),
            .init("sql", .string(script)),
        ])
    }
}

extension MergeWarning {
    /// The warning as JSON.
    package var json: JSONValue {
        .object([
            .init("kind", .string(kind.rawValue)), .init("entity", .string(entity)),
            .init("message", .string(message)),
        ])
    }
}
