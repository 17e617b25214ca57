import CinchGit
package import CinchSchema

/// New data steps of both sides of a merge that are about the same rows or values.
///
/// Theirs run behind ours in every tenant, since tenants at ours have run those. Where both are about
/// one column that is a guess at what is meant: it is a conflict. Decided for ours, their steps on
/// it are left out; for theirs, they run behind ours.
struct DataStepMerge {
    fileprivate static let attribute = "data-steps"

    /// What nobody has decided.
    private(set) var conflicts: [Conflict] = []
    /// The ids of their steps that were decided against.
    private(set) var leftOut: Set<StableID> = []

    /// - Parameters:
    ///   - ours: Our steps that neither the base nor theirs has.
    ///   - theirs: Their steps that neither the base nor ours has.
    init(ours: [DataStep], theirs: [DataStep], decisions: MergeDecisions) {
        for subject in Self.shared(ours, theirs) {
            let (own, other) = (
                ours.filter { subject.isConcerned(by: $0) },
                theirs.filter { subject.isConcerned(by: $0) }
            )
            let scripts = { (steps: [DataStep]) in
                steps.map(\.script).joined(separator: "\n")
            }
            let conflict = Conflict(
                .bothModified, entity: subject.path, attribute: Self.attribute,
                sides: ThreeWay(base: nil, ours: scripts(own), theirs: scripts(other)))
            switch decisions[conflict.path] ?? decisions.preferred?.choice {
            case .theirs: break
            case .ours, .base, .drop: leftOut.formUnion(other.map(\.name.id))
            case .sql, nil: conflicts.append(conflict)
            }
        }
    }

    /// What steps of both sides are about, by the names our steps have for it, in order.
    private static func shared(_ ours: [DataStep], _ theirs: [DataStep]) -> [StepSubject] {
        let (own, other) = (ours.flatMap(StepSubject.all), theirs.flatMap(StepSubject.all))
        var found: [StepSubject] = []
        for subject in own where other.contains(where: subject.overlaps) {
            if !found.contains(where: { $0.path == subject.path }) { found.append(subject) }
        }
        return found.sorted { $0.path < $1.path }
    }
}

extension Conflict {
    /// Whether it is about the order of data steps.
    package var isOfDataSteps: Bool { attribute == DataStepMerge.attribute }
}

/// A table or column by identity: it may have been renamed on the way to a step.
private struct StepSubject {
    var path: String
    var table: String
    var column: String?

    /// What a step writes.
    static func all(of step: DataStep) -> [StepSubject] {
        step.subjects.map { subject in
            let table =
                step.before.tables[subject.table] ?? step.after?.tables[subject.table]
            let column = subject.column.flatMap { table?.column(named: $0)?.id }
            return StepSubject(
                path: subject.table.text + (subject.column.map { ".\($0)" } ?? ""),
                table: table?.id.map { "\($0)" } ?? subject.table.key,
                column: column.map { "\($0)" } ?? subject.column?.key)
        }
    }

    /// Whether two are about the same; a table's rows are about all of its columns.
    func overlaps(_ other: StepSubject) -> Bool {
        table == other.table
            && (column == nil || other.column == nil || column == other.column)
    }

    func isConcerned(by step: DataStep) -> Bool {
        Self.all(of: step).contains { overlaps($0) }
    }
}
