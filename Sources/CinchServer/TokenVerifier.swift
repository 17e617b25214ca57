import Cinch
import JWTKit

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Tells whom a JSON web token (RFC 7519) is from.
///
/// It has to have an expiry, a scope (`admin`, `tenant:write` or `tenant:read`) and, unless that is
/// `admin`, the claim that names its tenant.
struct TokenVerifier: Sendable {
    private let keys = JWTKeyCollection()
    private let tenantClaim: String

    /// Reads the keys that the settings name; absent when they name none.
    init?(_ settings: ServerSettings) async throws {
        guard settings.jwtSecret != nil || settings.jwtPublicKey != nil else { return nil }
        tenantClaim = settings.jwtTenantClaim
        if let path = settings.jwtSecret {
            let secret = try Self.read(path).trimmed
            guard secret.utf8.count >= 32 else {
                throw CinchError(
                    code: .usage, message: "The secret in '\(path)' is shorter than 32 bytes",
                    hint: "Make one with 'openssl rand -base64 48'.")
            }
            await keys.add(hmac: HMACKey(from: secret), digestAlgorithm: .sha256)
        }
        if let path = settings.jwtPublicKey { try await add(pem: Self.read(path), from: path) }
    }

    /// The caller; absent when the token isn't good.
    func caller(of token: String) async -> Caller? {
        guard let claims = try? await keys.verify(token, as: Claims.self),
            let access = [APIRequest.Access.admin, .write, .read].first(where: {
                $0.scope == claims.texts["scope"]
            })
        else { return nil }
        let tenant = claims.texts[tenantClaim]
        guard access == .admin || tenant != nil else { return nil }
        return Caller(
            id: "jwt:" + (claims.texts["sub"] ?? tenant ?? "admin"),
            tenant: access == .admin ? nil : tenant, access: access)
    }

    private func add(pem: String, from path: String) async throws {
        if let key = try? ES256PublicKey(pem: pem) {
            await keys.add(ecdsa: key)
        } else if let key = try? Insecure.RSA.PublicKey(pem: pem) {
            await keys.add(rsa: key, digestAlgorithm: .sha256)
        } else {
            throw CinchError(
                code: .usage, message: "'\(path)' is no public key for ES256 or RS256",
                hint: "Give it in PEM form (SubjectPublicKeyInfo).")
        }
    }

    private static func read(_ path: String) throws -> String {
        do {
            return try String(contentsOfFile: path, encoding: .utf8)
        } catch {
            throw CinchError(
                code: .notFound, message: "The file '\(path)' can't be read",
                hint: "Check the path.", cause: error)
        }
    }

    /// The claims that are texts, whatever their names, and the expiry.
    private struct Claims: JWTPayload {
        var texts: [String: String] = [:]
        var expiry: ExpirationClaim
        var notBefore: NotBeforeClaim?

        struct Key: CodingKey {
            var stringValue: String
            var intValue: Int? { nil }
            init(stringValue: String) { self.stringValue = stringValue }
            init?(intValue: Int) { nil }
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Key.self)
            expiry = try container.decode(ExpirationClaim.self, forKey: Key(stringValue: "exp"))
            notBefore = try container.decodeIfPresent(
                NotBeforeClaim.self, forKey: Key(stringValue: "nbf"))
            for key in container.allKeys {
                texts[key.stringValue] = try? container.decode(String.self, forKey: key)
            }
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: Key.self)
            try container.encode(expiry, forKey: Key(stringValue: "exp"))
        }

        func verify(using algorithm: some JWTAlgorithm) throws {
            try expiry.verifyNotExpired()
            try notBefore?.verifyNotBefore()
        }
    }
}

extension String {
    fileprivate var trimmed: String {
        String(drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
    }
}
