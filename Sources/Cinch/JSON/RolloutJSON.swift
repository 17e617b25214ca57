package import CinchMaterializer

extension RolloutInformation {
    /// The rollout's members as JSON.
    package var jsonMembers: [JSONValue.Member] {
        let request = record.request
        return [
            .init("id", .integer(record.id)),
            .init("state", .string(record.state.rawValue)),
            .init("from", record.fromCommit.map { .string($0) } ?? .null),
            .init("commit", .string(record.target.commit)),
            .init("tree", .string(record.target.tree)),
            .init("started_at", .string(record.startedAt)),
            .init("finished_at", record.finishedAt.map { .string($0) } ?? .null),
            .init("process", record.process.map { .integer(Int64($0)) } ?? .null),
            .init("tenants", .integer(Int64(record.tenants))),
            .init("applied", .integer(Int64(counts.applied))),
            .init("failed", .integer(Int64(counts.failed))),
            .init("drifted", .integer(Int64(counts.drifted))),
            .init("pending", .integer(Int64(counts.pending))),
            .init("patterns", .array(request.patterns.map { .string($0.description) })),
            .init("retry", .boolean(request.isRetry)),
            .init("canary", request.canary.map { .string($0.description) } ?? .null),
            .init("batch", request.batch.map { .integer(Int64($0)) } ?? .null),
            .init("pause_ms", .integer(Int64(request.pause))),
            .init("on_error", .string(request.onError.rawValue)),
            .init("resumes", request.resumes.map { .integer($0) } ?? .null),
        ]
    }
}

extension RolloutOutcome {
    /// The outcome as JSON.
    package var json: JSONValue {
        .object([
            .init("tenant", .string(tenant)),
            .init("state", .string(state.rawValue)),
            .init("reason", error.map { .string($0) } ?? .null),
            .init("milliseconds", .integer(Int64(milliseconds))),
        ])
    }
}
