internal import Crypto

/// Answers to requests that may come twice (`Idempotency-Key`), kept with what they changed.
///
/// An answer is written in the transaction of the change itself, so after a crash both are there
/// or neither, and the request can be made again without being carried out twice. They are in
/// `_cinch_replay` of the tenant's file for a day; only answers to changes that were made are kept.
extension TenantSession {
    /// Carries out a request unless it was before, and keeps the answer.
    ///
    /// - Returns: The kept answer where there is one; a problem document where the key was used for
    ///   another request.
    func replaying(
        _ request: APIRequest, at now: Double = Self.now,
        _ body: (TenantSession) throws -> APIResponse
    ) throws -> APIResponse {
        guard let key = request.idempotencyKey else { return try inTransaction(body) }
        let digest = Self.digest(of: request)
        return try inTransaction { session in
            _ = try session.trusted(
                """
                CREATE TABLE IF NOT EXISTS _cinch_replay (id INTEGER PRIMARY KEY,
                    key TEXT NOT NULL UNIQUE, digest BLOB NOT NULL, status INTEGER NOT NULL,
                    body TEXT NOT NULL, answered_at REAL NOT NULL)
                """)
            let yesterday = SQLValue.real(now - 86_400)
            // A few of the oldest with each request, so that no request pays for all of them.
            _ = try session.trusted(
                """
                DELETE FROM _cinch_replay WHERE answered_at < ?1
                    AND id IN (SELECT id FROM _cinch_replay ORDER BY id LIMIT 8)
                """, [yesterday])
            let kept = try session.trusted(
                """
                SELECT digest, status, body FROM _cinch_replay
                WHERE key = ?1 AND answered_at >= ?2
                """, [.text(key), yesterday])
            if let row = kept.first {
                guard row[0] == .blob(digest), case .integer(let status) = row[1],
                    case .text(let text) = row[2]
                else { return Self.isOtherRequest }
                return APIResponse(status: Int(status), .json(try JSONValue(parsing: text)))
            }
            let response = try body(session)
            _ = try session.trusted(
                """
                INSERT OR REPLACE INTO _cinch_replay (key, digest, status, body, answered_at)
                VALUES (?1, ?2, ?3, ?4, ?5)
                """,
                [
                    .text(key), .blob(digest), .integer(Int64(response.status)),
                    .text(response.jsonBody.text()), .real(now),
                ])
            return response
        }
    }

    private static func digest(of request: APIRequest) -> [UInt8] {
        let parts: [JSONValue] = [
            .string(request.method), .array(request.path.map { .string($0) }),
            .array(request.query.flatMap { [.string($0.name), .string($0.value)] }),
            request.body.map { .array([$0]) } ?? .array([]),
        ]
        return Array(SHA256.hash(data: Array(JSONValue.array(parts).text().utf8)))
    }

    private static var isOtherRequest: APIResponse {
        APIProblem.response(
            status: 422, code: "invalid",
            detail: "The Idempotency-Key was used for another request",
            hint: "Use a new key for each request, and the same only to make one again.")
    }
}
