package import Cinch

/// A kind of request the API answers.
package struct Route: Sendable {
    /// Who may ask.
    package enum Scope: Hashable, Sendable {
        /// Who may read the tenant in the path.
        case tenantRead
        /// Who may change the rows of the tenant in the path.
        case tenantWrite
        /// Administrators.
        case admin
    }

    /// `GET`, `POST`, `PUT`, `PATCH` or `DELETE`.
    package var method: String
    /// The path as OpenAPI writes it: `/v1/db/{db}/branches`.
    package var template: String
    /// Who may ask.
    package var scope: Scope
    /// One line that says what it does.
    package var summary: String
}
