/// What the tenant leg could not do, to which tenant or file, and what helps.
package struct MaterializerError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Which kind of failure; open, so that a new one breaks no caller.
    package struct Code: Hashable, Sendable {
        private let name: String

        /// The name is no tenant name, or no branch or tree id that can be a file name.
        package static let invalidName = Self(name: "invalid-name")
        /// A tenant of that name is there already.
        package static let exists = Self(name: "exists")
        /// There is no such tenant, or its file is missing.
        package static let notFound = Self(name: "not-found")
        /// Another process or connection is at work on it; trying again may help.
        package static let busy = Self(name: "busy")
        /// The file system refused.
        package static let io = Self(name: "io")
        /// The file's schema is not what its stamp says.
        package static let drifted = Self(name: "drifted")
        /// The plan does not lead to the target on a scratch database.
        package static let unprovenPlan = Self(name: "unproven-plan")
        /// A tenant could not be changed.
        package static let failed = Self(name: "failed")
        /// What tenants are to be brought to has changed meanwhile; trying again helps.
        package static let superseded = Self(name: "superseded")
        /// The catalog was written by a newer version.
        package static let unsupported = Self(name: "unsupported")
    }

    /// Which kind of failure.
    package var code: Code
    /// One sentence: what could not be done, and to what.
    package var message: String
    /// One imperative sentence; nil when nothing in particular helps.
    package var hint: String?

    /// Builds an error from its parts.
    package init(_ code: Code, _ message: String, hint: String? = nil) {
        self.code = code
        self.message = message
        self.hint = hint
    }

    /// The message.
    package var description: String { message }
}
