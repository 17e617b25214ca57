import CinchSQLite

/// Rollouts in the catalog: `rollouts`, and a row of `rollout_tenants` for each of their tenants.
extension SQLiteTenantCatalog {
    private static let columns = """
        id, from_commit, to_commit, to_tree, started_at, finished_at, state, tenants, process, \
        patterns, is_retry, canary, batch, pause_ms, on_error, resumes
        """

    /// See `TenantCatalog`.
    package func beginRollout(_ start: RolloutStart) throws -> Int64 {
        let time = now()
        return try write { writer in
            try writer.run(
                """
                UPDATE rollouts SET state = 'interrupted'
                WHERE state IN ('running', 'cancelling')
                """, [])
            let request = start.request
            try writer.run(
                """
                INSERT INTO rollouts(from_commit, to_commit, to_tree, started_at, state, tenants,
                  process, patterns, is_retry, canary, batch, pause_ms, on_error, resumes)
                VALUES (?, ?, ?, ?, 'running', ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                [
                    .text(orNull: start.fromCommit), .text(start.target.commit),
                    .text(start.target.tree), .text(time), .integer(Int64(start.tenants)),
                    .integer(Int64(start.process)),
                    .text(request.patterns.map(\.description).joined(separator: "\n")),
                    .integer(request.isRetry ? 1 : 0),
                    .text(orNull: request.canary?.description),
                    .integer(orNull: request.batch.map { Int64($0) }),
                    .integer(Int64(request.pause)), .text(request.onError.rawValue),
                    .integer(orNull: request.resumes),
                ])
            let id = writer.connection.lastInsertedRowID
            try writer.runEach(
                "INSERT INTO rollout_tenants(rollout, tenant, state) VALUES (?, ?, 'pending')",
                start.pending.map { [.integer(id), .text($0)] })
            return id
        }
    }

    /// See `TenantCatalog`.
    package func record(_ outcomes: [RolloutOutcome], rollout: Int64) throws {
        try write { writer in
            try writer.runEach(
                """
                INSERT OR REPLACE INTO rollout_tenants(rollout, tenant, state, error, ms)
                VALUES (?, ?, ?, ?, ?)
                """,
                outcomes.map {
                    [
                        .integer(rollout), .text($0.tenant), .text($0.state.rawValue),
                        .text(orNull: $0.error), .integer(Int64($0.milliseconds)),
                    ]
                })
        }
    }

    /// See `TenantCatalog`.
    package func finishRollout(_ id: Int64, state: RolloutState) throws {
        // When a process died is not known.
        let time = state == .interrupted ? nil : now()
        try write { writer in
            try writer.run(
                "UPDATE rollouts SET state = ?, finished_at = coalesce(finished_at, ?) WHERE id = ?",
                [.text(state.rawValue), .text(orNull: time), .integer(id)])
        }
    }

    /// See `TenantCatalog`.
    package func requestCancel(_ id: Int64) throws -> Bool {
        try write { writer in
            try writer.run(
                """
                UPDATE rollouts SET state = 'cancelling'
                WHERE id = ? AND state IN ('running', 'cancelling')
                """, [.integer(id)])
            return writer.connection.changes == 1
        }
    }

    /// See `TenantCatalog`.
    package func state(ofRollout id: Int64) throws -> RolloutState? {
        try read("SELECT state FROM rollouts WHERE id = ?", [.integer(id)]) {
            Self.state($0[0])
        }.first
    }

    /// See `TenantCatalog`.
    package func rollouts(limit: Int) throws -> [RolloutRecord] {
        try read(
            "SELECT \(Self.columns) FROM rollouts ORDER BY id DESC LIMIT ?",
            [.integer(Int64(limit))]
        ) { try Self.rollout($0) }
    }

    /// See `TenantCatalog`.
    package func rollout(_ id: Int64) throws -> RolloutRecord? {
        try read("SELECT \(Self.columns) FROM rollouts WHERE id = ?", [.integer(id)]) {
            try Self.rollout($0)
        }.first
    }

    /// See `TenantCatalog`.
    package func counts(of rollout: Int64) throws -> RolloutCounts {
        let rows = try read(
            "SELECT state, count(*) FROM rollout_tenants WHERE rollout = ? GROUP BY state",
            [.integer(rollout)]
        ) { ($0[0].text.flatMap(RolloutOutcome.State.init), Int($0[1].integer ?? 0)) }
        return rows.reduce(into: RolloutCounts()) { counts, row in
            switch row.0 {
            case .pending: counts.pending = row.1
            case .applied: counts.applied = row.1
            case .failed: counts.failed = row.1
            case .drifted: counts.drifted = row.1
            case nil: break
            }
        }
    }

    /// See `TenantCatalog`.
    package func outcomes(of rollout: Int64) throws -> [RolloutOutcome] {
        try read(
            "SELECT tenant, state, error, ms FROM rollout_tenants WHERE rollout = ? ORDER BY tenant",
            [.integer(rollout)]
        ) { row in
            RolloutOutcome(
                tenant: row[0].text ?? "",
                state: RolloutOutcome.State(rawValue: row[1].text ?? "") ?? .pending,
                error: row[2].text, milliseconds: Int(row[3].integer ?? 0))
        }
    }

    private static func rollout(_ row: [Value]) throws -> RolloutRecord {
        let patterns = (row[9].text ?? "").split(separator: "\n")
        return RolloutRecord(
            id: row[0].integer ?? 0, fromCommit: row[1].text,
            target: TenantStamp(commit: row[2].text ?? "", tree: row[3].text ?? ""),
            startedAt: row[4].text ?? "", finishedAt: row[5].text, state: state(row[6]),
            tenants: Int(row[7].integer ?? 0),
            process: row[8].integer.flatMap { Int32(exactly: $0) },
            request: RolloutRequest(
                patterns: try patterns.map { try TenantPattern(String($0)) },
                isRetry: row[10].integer == 1, canary: row[11].text.flatMap { Canary($0) },
                batch: row[12].integer.map { Int($0) }, pause: Int(row[13].integer ?? 0),
                onError: row[14].text.flatMap(RolloutRequest.OnError.init) ?? .continue,
                resumes: row[15].integer))
    }

    /// A state of a newer version reads as one that leaves tenants behind.
    private static func state(_ value: Value) -> RolloutState {
        value.text.flatMap(RolloutState.init) ?? .interrupted
    }
}

extension Value {
    fileprivate static func text(orNull text: String?) -> Self { text.map { .text($0) } ?? .null }

    fileprivate static func integer(orNull integer: Int64?) -> Self {
        integer.map { .integer($0) } ?? .null
    }
}
