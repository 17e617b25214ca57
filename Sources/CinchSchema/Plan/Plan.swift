/// The ordered steps that lead from one schema to another, whatever lies between them.
///
/// A plan is inert: it can be printed, stored and compared. At most one rebuild for each table and
/// stretch; there is one stretch, and one more for each data step on the way.
public struct Plan: Hashable, Sendable {
    /// Steps that change the schema, after the data step that has to come before them.
    public struct Stretch: Hashable, Sendable {
        /// What is run first; absent in the first stretch.
        public var dataStep: DataStep?
        /// The steps, in the order they are run.
        public var steps: [Step]
        /// What the steps demand of rows that are there: each must find none before they run.
        public var checks: [PreflightCheck]
        /// What becomes of rows and values: parked, lost, restored. Conversions are among the
        /// checks.
        public var effects: [DataEffect]

        /// Makes a stretch.
        public init(
            after dataStep: DataStep? = nil, steps: [Step], checks: [PreflightCheck] = [],
            effects: [DataEffect] = []
        ) {
            self.dataStep = dataStep
            self.steps = steps
            self.checks = checks
            self.effects = effects
        }

        /// Every SQL statement in order; the script of a data step counts as one.
        public var statements: [String] {
            (dataStep.map { [$0.script] } ?? []) + steps.flatMap(\.statements)
        }

        /// Tables that are dropped and come back: the planner's statistics on them go with the
        /// drop.
        public var rebuilds: [(from: String, to: String)] {
            steps.compactMap { step in
                guard case .rebuildTable(let rebuild) = step else { return nil }
                return (rebuild.from.name.text, rebuild.to.name.text)
            }
        }
    }

    /// The stretches, in the order they are run; at least one.
    public var stretches: [Stretch]

    /// Makes a plan of one stretch, whose steps demand nothing of rows unless told otherwise.
    public init(steps: [Step], checks: [PreflightCheck] = []) {
        stretches = [Stretch(steps: steps, checks: checks)]
    }

    init(stretches: [Stretch]) { self.stretches = stretches }

    /// Every step that changes the schema, in order.
    public var steps: [Step] { stretches.flatMap(\.steps) }

    /// Tables that are dropped and come back, in order.
    public var rebuilds: [(from: String, to: String)] { stretches.flatMap(\.rebuilds) }

    /// What the first stretch demands of the rows there are. What later ones demand can only be
    /// asked when their data step has run.
    public var checks: [PreflightCheck] { stretches[0].checks }

    /// The data steps on the way, in order.
    public var dataSteps: [DataStep] { stretches.compactMap(\.dataStep) }

    /// What becomes of rows and values, in the order of the stretches that do it.
    public var effects: [DataEffect] { stretches.flatMap(\.effects) }

    /// Whether rows or values are parked by it.
    public var parks: Bool {
        steps.contains { if case .park = $0 { true } else { false } }
    }

    /// Whether nothing needs to be done.
    public var isEmpty: Bool { stretches.allSatisfy { $0.steps.isEmpty && $0.dataStep == nil } }

    /// Every SQL statement in order, without BEGIN and COMMIT.
    ///
    /// They expect `foreign_keys` to be off, since dropping a table that others refer to would
    /// otherwise delete their rows.
    public var statements: [String] { stretches.flatMap(\.statements) }

    /// Tables whose rows or keys the plan touches, by their new names, in name order: what a
    /// foreign key check has to look at.
    public var changedTables: [String] {
        var names: Set<Identifier> = []
        for stretch in stretches {
            if let step = stretch.dataStep {
                names.subtract(step.before.tables.map(\.name))
                names.formUnion((step.after ?? step.before).tables.map(\.name))
            }
            for step in stretch.steps {
                switch step {
                case .rebuildTable(let rebuild): names.insert(rebuild.to.name)
                case .createTable(let table): names.insert(table.name)
                case .addColumn(_, let table), .dropColumn(_, let table),
                    .renameColumn(_, _, let table):
                    names.insert(table)
                case .renameTable(let from, let to):
                    names.remove(from)
                    names.insert(to)
                case .dropTable(let table): names.remove(table.name)
                default: break
                }
            }
        }
        return names.sorted().map(\.text)
    }

    /// The data that one of its steps takes away for good, for people; absent when it keeps every
    /// value or the plan parks them.
    public func loss(of step: Step) -> String? {
        let parked = steps.compactMap { step -> ParkedData? in
            if case .park(let copy) = step { copy.data } else { nil }
        }
        switch step {
        case .dropTable(let table):
            return parked.contains { $0.table == table.id && $0.column == nil } ? nil : step.loss
        case .dropColumn(let column, _):
            return parked.contains { $0.column != nil && $0.column == column.id } ? nil : step.loss
        case .rebuildTable(var rebuild):
            rebuild.droppedColumns.removeAll { name in
                let id = rebuild.from.column(named: name)?.id
                return parked.contains { $0.column != nil && $0.column == id }
            }
            return Step.rebuildTable(rebuild).loss
        default: return step.loss
        }
    }

    /// A script for the sqlite3 shell: the statements in one transaction, foreign keys off.
    public var script: String {
        var lines: [String] = []
        for stretch in stretches {
            if let step = stretch.dataStep { lines.append("-- data step \(step.name)") }
            lines += stretch.statements.map { $0.hasSuffix(";") ? $0 : $0 + ";" }
        }
        let body = lines.joined(separator: "\n")
        return """
            -- Run it with `sqlite3 -bail`, so that an error leaves the file as it was.
            PRAGMA foreign_keys = OFF;
            BEGIN IMMEDIATE;
            \(body)
            PRAGMA foreign_key_check;
            COMMIT;

            """
    }
}
