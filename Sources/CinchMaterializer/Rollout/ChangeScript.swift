package import CinchSchema

/// What the materializer runs in a tenant: a plan, rendered for SQLite.
package struct ChangeScript: Hashable, Sendable {
    /// A table that is dropped and comes back, perhaps under another name.
    package struct Rebuild: Hashable, Sendable {
        /// The table before.
        package var from: String
        /// The table after.
        package var to: String

        /// Builds a rebuild from its parts.
        package init(from: String, to: String) {
            self.from = from
            self.to = to
        }
    }

    /// The statements in order, without BEGIN and COMMIT.
    package var statements: [String]
    /// The tables, by their names afterwards, whose foreign keys may have come to be broken.
    package var changedTables: [String]
    /// The tables whose statistics DROP TABLE erases.
    package var rebuilds: [Rebuild]
    /// What the statements demand of the rows that are there, asked before them.
    package var checks: [PreflightCheck]

    /// Builds a script from its parts.
    package init(
        statements: [String], changedTables: [String], rebuilds: [Rebuild] = [],
        checks: [PreflightCheck] = []
    ) {
        self.statements = statements
        self.changedTables = changedTables
        self.rebuilds = rebuilds
        self.checks = checks
    }

    /// Renders a plan.
    package init(_ plan: Plan) {
        self.init(
            statements: plan.statements, changedTables: plan.changedTables,
            rebuilds: plan.rebuilds.map { Rebuild(from: $0.from, to: $0.to) },
            checks: plan.checks)
    }
}
