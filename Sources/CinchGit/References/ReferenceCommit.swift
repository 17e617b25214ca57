// Invariants of a reference transaction
//   I1  Objects are on disk before any reference names them.
//   I2  Every lock is taken, in name order, before anything is checked.
//   I3  Every expectation holds while its lock is held.
//   I4  The reflog line is on disk before the reference moves. The name of a log that is new need
//       not be: it is no part of what is acknowledged, which is the reference's value.
//   I5  A reference leaves packed-refs before its own file goes, or its old value would be back.
//   I6  HEAD moves after the branches it may point at are made, and before any is deleted.
//
// PLANNED --lock--> LOCKED --verify--> VERIFIED --write--> DONE      any but DONE --drop--> as before

/// Carries one transaction out.
struct ReferenceCommit {
    let references: ReferenceDatabase
    let objects: ObjectDatabase
    let policy: ReflogPolicy
    let transaction: ReferenceTransaction

    /// The references that are touched, found by following symbolic ones.
    private struct Plan: Hashable {
        /// What is done to which reference itself.
        var changes: [ReferenceName: ReferenceUpdate] = [:]
        /// Symbolic references whose logs follow the reference they lead to.
        var followers: [ReferenceName: ReferenceName] = [:]

        var locked: [ReferenceName] { Set(changes.keys).union(followers.keys).sorted() }
    }

    /// A change that is known to be allowed.
    private struct Change {
        var name: ReferenceName
        var update: ReferenceUpdate
        var old: Reference?
        var oldID: ObjectID?
        var newID: ObjectID?

        var isSymbolic: Bool { if case .setSymbolic = update { true } else { false } }

        var isDeletion: Bool { if case .delete = update { true } else { false } }
    }

    /// Returns when everything is on disk.
    ///
    /// - Throws: `.conflict` when an expectation fails or a name is taken, `.locked`, `.notFound`
    ///   for an object that doesn't exist, `.io`. Nothing has changed then, except after `.io`
    ///   in the middle of several references.
    func run() throws {
        try objects.sync()
        for _ in 0..<3 {
            let plan = try plan()
            var locks: [ReferenceName: LockFile] = [:]
            var isDone = false
            defer { if !isDone { giveUp(plan, &locks) } }
            for name in plan.locked { locks[name] = try references.lock(name) }
            // What was followed may have changed until the locks were held.
            guard try self.plan() == plan else { continue }
            let changes = try verify(plan)
            try write(changes, plan.followers, &locks)
            isDone = true
            return
        }
        throw GitError(
            .conflict, "A symbolic reference kept changing while it was being updated",
            hint: "Try again.")
    }

    private func plan() throws -> Plan {
        var plan = Plan()
        for update in transaction.updates {
            var target = update.name
            switch update {
            case .delete, .setSymbolic: break
            case .create, .update, .set, .verify:
                let chain = try references.resolve(update.name).chain
                target = chain[chain.count - 1]
                if case .verify = update { break }
                for name in chain.dropLast() { plan.followers[name] = target }
            }
            guard plan.changes.updateValue(update, forKey: target) == nil else {
                throw GitError(
                    .conflict, "Reference '\(target)' is changed twice in one transaction",
                    hint: "Change each reference once.")
            }
        }
        // Checked before locking: the lock of 'a/b' needs a folder where 'a' is to be.
        let names = Set(plan.changes.keys)
        for name in names.sorted() {
            guard let other = name.ancestors.first(where: names.contains) else { continue }
            throw ReferenceDatabase.nameTaken(name, by: other.path)
        }
        // HEAD's log follows the branch it is on.
        if plan.changes[.head] == nil {
            let chain = try references.resolve(.head).chain
            let target = chain[chain.count - 1]
            switch plan.changes[target] {
            case nil, .verify: break
            default: plan.followers[.head] = target
            }
        }
        return plan
    }

    // The folders that only the locks were in go with them.
    private func giveUp(_ plan: Plan, _ locks: inout [ReferenceName: LockFile]) {
        for lock in locks.values { lock.release() }
        locks = [:]
        for name in plan.locked { references.removeEmptyFolders(above: name.path) }
    }

    private func verify(_ plan: Plan) throws -> [Change] {
        var changes: [Change] = []
        for (name, update) in plan.changes.sorted(by: { $0.key < $1.key }) {
            let old = try references.find(name)
            var change = Change(name: name, update: update, old: old)
            switch old {
            case .direct(let id): change.oldID = id
            case .symbolic: change.oldID = try references.resolve(name).id
            case nil: break
            }
            try check(update, of: name, old)
            switch update {
            case .create(_, let id), .update(_, let id, _), .set(_, let id):
                try checkObject(id, for: name)
                change.newID = id
                if old == nil { try checkPlace(name) }
            case .setSymbolic(_, let target, _):
                change.newID = try newID(of: target, plan)
                if old == nil { try checkPlace(name) }
            case .delete, .verify: break
            }
            changes.append(change)
        }
        return changes
    }

    private func check(_ update: ReferenceUpdate, of name: ReferenceName, _ old: Reference?) throws
    {
        switch update {
        case .create:
            guard old != nil else { return }
            throw GitError(
                .conflict, "Reference '\(name)' already exists",
                hint: "Choose another name, or delete it first.")
        case .update(_, _, let expected): try expect(name, .direct(expected), old)
        case .verify(_, let expected): try expect(name, expected.map { .direct($0) }, old)
        case .setSymbolic(_, _, let expected?): try expect(name, expected, old)
        case .delete(_, let expected):
            guard old != nil else {
                throw GitError(
                    .notFound, "There is no reference '\(name)'",
                    hint: "List the references with 'git for-each-ref'.")
            }
            guard name != .head else {
                throw GitError(
                    .conflict, "'HEAD' can't be deleted", hint: "Point it at another branch.")
            }
            if let expected { try expect(name, .direct(expected), old) }
        case .set, .setSymbolic: break
        }
    }

    private func expect(_ name: ReferenceName, _ expected: Reference?, _ found: Reference?) throws {
        guard expected != found else { return }
        func words(_ reference: Reference?) -> String {
            switch reference {
            case .direct(let id): "at '\(id.abbreviated(12))'"
            case .symbolic(let name): "a link to '\(name)'"
            case nil: "missing"
            }
        }
        throw GitError(
            .conflict, "Reference '\(name)' is \(words(found)), expected \(words(expected))",
            hint: "Somebody else changed it; look at the new state and try again.")
    }

    private func checkObject(_ id: ObjectID, for name: ReferenceName) throws {
        guard let header = try objects.header(of: id) else {
            throw GitError(
                .notFound, "Reference '\(name)' can't point at '\(id)', which doesn't exist",
                hint: "Write the object first.")
        }
        guard !name.isBranch || header.kind == .commit else {
            throw GitError(
                .conflict, "Branch '\(name.shortName)' can't point at the \(header.kind) '\(id)'",
                hint: "Point branches at commits.")
        }
    }

    private func checkPlace(_ name: ReferenceName) throws {
        if let obstacle = try references.obstacle(to: name) {
            throw ReferenceDatabase.nameTaken(name, by: obstacle.path)
        }
    }

    // What a symbolic reference's target will hold after this transaction.
    private func newID(of target: ReferenceName, _ plan: Plan) throws -> ObjectID? {
        switch plan.changes[target] {
        case .create(_, let id), .update(_, let id, _), .set(_, let id): return id
        case .delete: return nil
        case .setSymbolic, .verify, nil: return try references.resolve(target).id
        }
    }

    private func write(
        _ changes: [Change], _ followers: [ReferenceName: ReferenceName],
        _ locks: inout [ReferenceName: LockFile]
    ) throws {
        let deleted = changes.filter(\.isDeletion)
        // Held to the end: `git pack-refs` must not pack what is about to be deleted.
        let packedLock = deleted.isEmpty ? nil : try references.lockPacked()
        defer { packedLock?.release() }
        // What already holds its new value isn't written or logged, as in git.
        let direct = changes.filter { $0.newID != nil && !$0.isSymbolic && $0.newID != $0.oldID }
        let symbolic = changes.filter(\.isSymbolic)
        for change in direct {
            try locks[change.name]?.write(Array("\(change.newID?.hex ?? "")\n".utf8))
        }
        for change in symbolic {
            if case .setSymbolic(_, let target, _) = change.update {
                try locks[change.name]?.write(Array("ref: \(target)\n".utf8))
            }
        }
        // I4
        for change in direct + symbolic where change.newID != nil {
            try log(change.name, from: change.oldID, to: change.newID)
        }
        for change in direct + deleted {
            for (name, target) in followers.sorted(by: { $0.key < $1.key })
            where target == change.name {
                try log(name, from: change.oldID, to: change.newID)
            }
        }
        // All of them, so that a full disk is noticed before the first moves.
        for change in direct + symbolic { try locks[change.name]?.sync() }
        // I6
        for change in direct + symbolic {
            try references.clearPlace(of: change.name)
            try locks.removeValue(forKey: change.name)?.commit()
        }
        try references.delete(deleted.map(\.name), &locks)
    }

    private func log(_ name: ReferenceName, from old: ObjectID?, to new: ObjectID?) throws {
        let none = ObjectID.zero(references.format)
        let entry = ReflogEntry(
            old: old ?? none, new: new ?? none, signature: transaction.signature,
            message: transaction.message)
        try policy.append(entry, to: name, in: references)
    }
}
