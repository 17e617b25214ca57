import CinchGit
import CinchRepository
package import CinchSchema

/// What `undo` has done.
package struct Undoing: Sendable {
    /// The operation that was taken back.
    package var operation: Operation
    /// What came of tenants; absent where the deploy branch was not concerned.
    package var publication: Publication?
}

extension CinchDatabase {
    private var operationLog: OperationLog { OperationLog(repository: layout.repository) }

    /// Moves references, and writes down that they did.
    func move(_ updates: [ReferenceUpdate], message: String) throws {
        try history.git.update(
            ReferenceTransaction(updates, signature: signature(), message: message))
        record(updates.compactMap(Operation.Move.init), message: message)
    }

    func record(_ moves: [Operation.Move], message: String) {
        do {
            try operationLog.record(moves, message: message, seconds: context.now().seconds)
        } catch {
            // The references have moved; that this can't be taken back by `undo` is no failure.
        }
    }

    // MARK: Undo

    /// Takes back the last command that moved references; called again, the one before it.
    ///
    /// Tenants follow where the deploy branch is concerned.
    ///
    /// - Parameter force: Also when that drops tables or columns from tenants.
    /// - Throws: `.notFound` when there is nothing to take back, `.refused` when a reference has
    ///   moved since, or data would go.
    package func undo(force: Bool = false, settings: RolloutSettings = RolloutSettings()) throws
        -> Undoing
    {
        try Self.refuseBackfills(settings, by: "'undo'")
        guard let operation = try operationLog.last() else {
            throw CinchError(
                code: .notFound, message: "There is no command to take back",
                hint: "See 'cinch reflog' for where branches have been.")
        }
        try demandUnmoved(operation)
        let deployed = try ReferenceName.branch(deployBranch)
        let moved = operation.moves.filter { $0.name == deployed }
        var publication: Publication?
        try OperationScope.$current.withValue(OperationScope(undone: operation.id)) {
            if case .direct(let from)?? = moved.last.map(\.new),
                case .direct(let to)?? = moved.first.map(\.old), from != to
            {
                publication = try undeploy(from, to, operation, force: force, settings: settings)
            }
            let others = operation.inverse.filter { $0.name != deployed }
            if !others.isEmpty { try take(back: operation, others) }
        }
        return Undoing(operation: operation, publication: publication)
    }

    private func demandUnmoved(_ operation: Operation) throws {
        for move in operation.inverse {
            guard try history.git.findReference(move.name) != move.old else { continue }
            throw CinchError(
                code: .refused,
                message: "'\(move.name.shortName)' is not where '\(operation.message)' left it",
                hint: "See 'cinch reflog'; 'cinch revert' takes back a single commit.")
        }
    }

    private func undeploy(
        _ from: ObjectID, _ to: ObjectID, _ operation: Operation, force: Bool,
        settings: RolloutSettings
    ) throws -> Publication {
        let changes = try diff(of: from, to).changes
        let steps = try dataSteps(of: from, since: to)
        if let step = steps.first, !force {
            throw CinchError(
                code: .refused,
                message:
                    "Taking back '\(operation.message)' would forget that tenants have run data"
                    + " step \(step.name)",
                hint: "Run 'cinch undo --force' if it may run again when it comes back; its changes"
                    + " of rows stay.")
        }
        let lost = changes.filter(\.dropsData)
        guard force || lost.isEmpty else {
            throw CinchError(
                code: .refused,
                message: "Taking back '\(operation.message)' would "
                    + lost.map(\.summary).joined(separator: ", ") + " in every tenant",
                hint: lost.contains(where: \.losesData)
                    ? "Run 'cinch undo --force' if their data may go."
                    : "Run 'cinch undo --force'; the data stays parked there until 'cinch purge'.")
        }
        let report = try publish(
            to, on: .branch(deployBranch), from: from, action: "undo: \(operation.message)",
            occasion: .other("undo"), settings: settings)
        return Publication(branch: deployBranch, commit: to, changes: changes, rollout: report)
    }

    private func take(back operation: Operation, _ moves: [Operation.Move]) throws {
        let message = "undo: \(operation.message)"
        // Its log goes with a branch that is renamed back.
        if let renamed = operation.renaming {
            try history.git.renameBranch(renamed.to, to: renamed.from, signature: signature())
            record(moves, message: message)
        } else {
            try move(moves.compactMap(\.update), message: message)
        }
    }
}

extension SchemaChange {
    /// Whether rows go with it for good: those of virtual tables are not parked.
    var losesData: Bool { if case .dropVirtualTable = self { true } else { false } }

    /// Whether rows or values go with it, parked or for good.
    package var dropsData: Bool {
        switch self {
        case .dropTable, .dropColumn, .dropVirtualTable: true
        default: false
        }
    }
}

extension Operation {
    /// What takes it back: each reference from where it was left to where it was before.
    var inverse: [Move] {
        var names: [ReferenceName] = []
        for move in moves where !names.contains(move.name) { names.append(move.name) }
        return names.compactMap { name in
            let own = moves.filter { $0.name == name }
            guard let first = own.first, let last = own.last, first.old != last.new else {
                return nil
            }
            return Move(name: name, old: last.new, new: first.old)
        }
    }

    /// The branch names it changed from one to the other; absent for anything but a rename.
    var renaming: (from: ReferenceName, to: ReferenceName)? {
        guard message.hasPrefix("branch: renamed"),
            let gone = moves.first(where: { $0.new == nil }),
            let made = moves.first(where: { $0.old == nil })
        else { return nil }
        return (gone.name, made.name)
    }
}

extension Operation.Move {
    init?(_ update: ReferenceUpdate) {
        switch update {
        case .create(let name, let id): self.init(name: name, old: nil, new: .direct(id))
        case .update(let name, let id, let old):
            self.init(name: name, old: .direct(old), new: .direct(id))
        case .delete(let name, let old):
            self.init(name: name, old: old.map { .direct($0) }, new: nil)
        case .setSymbolic(let name, let target, let old):
            self.init(name: name, old: old, new: .symbolic(target))
        case .set, .verify: return nil
        }
    }

    /// The move as an update that expects the reference where it was left.
    fileprivate var update: ReferenceUpdate? {
        switch (old, new) {
        case (nil, .direct(let id)?): .create(name, id)
        case (.direct(let old)?, .direct(let id)?): .update(name, to: id, expecting: old)
        case (.direct(let old)?, nil): .delete(name, expecting: old)
        case (_, .symbolic(let target)?): .setSymbolic(name, to: target, expecting: old)
        default: nil
        }
    }
}
