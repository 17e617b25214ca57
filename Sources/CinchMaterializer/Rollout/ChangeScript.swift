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

    /// Statements that are run one after another once their questions found no rows.
    package struct Part: Hashable, Sendable {
        /// The data step that is the first statement; absent where there is none.
        package var dataStep: String?
        /// The statements in order, without BEGIN and COMMIT.
        package var statements: [String]
        /// The tables whose statistics DROP TABLE erases.
        package var rebuilds: [Rebuild]
        /// What the statements after the data step demand of the rows that are there then.
        package var checks: [PreflightCheck]
        /// What becomes of rows and values; counted when the data step has run.
        package var effects: [DataEffect]

        /// Builds a part from its parts.
        package init(
            dataStep: String? = nil, statements: [String], rebuilds: [Rebuild] = [],
            checks: [PreflightCheck] = [], effects: [DataEffect] = []
        ) {
            self.dataStep = dataStep
            self.statements = statements
            self.rebuilds = rebuilds
            self.checks = checks
            self.effects = effects
        }
    }

    /// What is run, in order; all in one transaction.
    package var parts: [Part]
    /// The tables, by their names afterwards, whose foreign keys may have come to be broken.
    package var changedTables: [String]
    /// What is parked in the file it is for.
    package var parked: [ParkedData]
    /// Whether it parks rows or values.
    package var parks: Bool

    /// Builds a script of one part.
    package init(
        statements: [String], changedTables: [String], rebuilds: [Rebuild] = [],
        checks: [PreflightCheck] = []
    ) {
        parts = [Part(statements: statements, rebuilds: rebuilds, checks: checks)]
        self.changedTables = changedTables
        self.parked = []
        parks = false
    }

    /// Renders a plan.
    ///
    /// - Parameter parked: What it was told is parked in the file.
    package init(_ plan: Plan, parked: [ParkedData] = []) {
        parts = plan.stretches.map { stretch in
            Part(
                dataStep: stretch.dataStep.map { "\($0.name)" }, statements: stretch.statements,
                rebuilds: stretch.rebuilds.map { Rebuild(from: $0.from, to: $0.to) },
                checks: stretch.checks, effects: stretch.effects)
        }
        changedTables = plan.changedTables
        self.parked = parked
        parks = plan.parks
    }

    /// Every statement in order; a data step's script counts as one.
    package var statements: [String] { parts.flatMap(\.statements) }

    /// Whether rows have to be changed before it is known what stands in the way.
    package var isTried: Bool {
        hasDataSteps || parts.contains { part in part.checks.contains { $0.rule == .trial } }
    }

    /// Whether rows have to be changed before all questions can be asked.
    package var hasDataSteps: Bool { parts.contains { $0.dataStep != nil } }
}
