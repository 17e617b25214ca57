/// Every error the SDK throws: what could not be done, and what to do next.
///
/// Callers branch on ``code``, people read ``message`` and ``hint``. A conflict, a drifted
/// tenant or a difference is a result and never arrives here, except where a command was
/// refused because of one.
public struct CinchError: Error, Sendable, CustomStringConvertible {
    /// What kind of failure this is. New codes may appear in any release, so a `switch` over
    /// codes needs a `default`.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private let name: String

        private init(name: String) {
            self.name = name
        }

        /// There is no such project, branch, tenant, table, column or revision.
        public static let notFound = Self(name: "not-found")
        /// Something of that name, or a row with that key, is already there.
        public static let exists = Self(name: "exists")
        /// The input can't be used: a name, a type, SQL, JSON, or a value a constraint rejects.
        public static let invalid = Self(name: "invalid")
        /// The request is understood and not allowed.
        public static let refused = Self(name: "refused")
        /// Two changes contradict each other and a person has to choose.
        public static let conflict = Self(name: "conflict")
        /// Another process holds what is needed; the same call can succeed later.
        public static let busy = Self(name: "busy")
        /// The operation did not succeed for a reason none of the other codes names.
        public static let failed = Self(name: "failed")
        /// What tenants hold stands in the way, or more would be lost than may be; nothing has moved.
        public static let stopped = Self(name: "stopped")
        /// The operation succeeded except for some tenants, which are as they were.
        public static let tenantsFailed = Self(name: "tenants-failed")
        /// The command line was not understood.
        public static let usage = Self(name: "usage")
        /// The user or a time limit stopped the operation before it changed anything.
        public static let interrupted = Self(name: "interrupted")
        /// A file's content is not what it must be.
        public static let corrupt = Self(name: "corrupt")

        /// A key is missing, wrong, expired or revoked.
        public static let unauthenticated = Self(name: "unauthenticated")
        /// A key has made too many requests; the same call can succeed later.
        public static let rateLimited = Self(name: "rate-limited")
        /// No answer came from the server.
        public static let unreachable = Self(name: "unreachable")

        /// The code of a stable name, of this release or a later one.
        init(named name: String) { self.init(name: name) }

        /// The stable name used in JSON output and logs, such as `not-found`.
        public var description: String { name }
    }

    /// What kind of failure this is.
    public var code: Code
    /// One sentence without a full stop: what could not be done, and to what. Never row values.
    public var message: String
    /// One sentence that says what to do or type next; absent when there is nothing to advise.
    public var hint: String?
    /// The error underneath, for logs; absent when this one is the origin.
    public var cause: (any Error)?

    /// Makes an error; see the properties for what each part holds.
    public init(code: Code, message: String, hint: String? = nil, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.hint = hint
        self.cause = cause
    }

    /// The message, with the hint in parentheses when there is one.
    public var description: String {
        guard let hint else { return message }
        return "\(message) (\(hint))"
    }
}
