import Cinch
import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOPosix

extension Responder {
    /// What a request shows to be allowed.
    enum Proof: Sendable {
        case none
        case key(String)
        case token(Caller)
    }

    func proof(of request: Request) async -> Proof {
        guard let header = request.headers[.authorization], header.count > 7,
            header.prefix(7).lowercased() == "bearer "
        else { return .none }
        let text = String(header.dropFirst(7))
        if APIKey.isWellFormed(text) { return .key(text) }
        return await tokens?.caller(of: text).map { .token($0) } ?? .none
    }

    /// Who has shown it; looks into the catalog, so it may block.
    func caller(_ proof: Proof, database: String?) -> Caller? {
        switch proof {
        case .none: return nil
        case .token(let caller): return caller
        case .key(let text):
            // A database that isn't there is nobody's to know of.
            guard let key = try? api.database(database)?.key(text) else { return nil }
            return Caller(id: key.id, tenant: key.tenant, access: key.access)
        }
    }

    func admitted(_ proof: Proof, _ database: String?) async throws -> Caller? {
        try await threads.runIfActive { caller(proof, database: database) }
    }
}
