package import CinchGit
import CinchRepository
package import CinchSchema

extension CinchDatabase {
    var unfinishedMergeFile: UnfinishedMergeFile {
        UnfinishedMergeFile(repository: layout.repository)
    }

    // MARK: Merging

    /// Merges a revision into a branch, the current one unless it is named.
    ///
    /// A merge with conflicts moves nothing and is kept, until it is continued or aborted.
    package func merge(
        _ revision: String, into target: String? = nil, options: MergeOptions = MergeOptions(),
        settings: RolloutSettings = RolloutSettings()
    ) throws -> MergeResult {
        try unfinishedMergeFile.demandNone()
        let branch = try target.map { try ReferenceName.branch($0) } ?? currentBranch()
        let ours = try branchTip(branch)
        let theirs = try commit(revision)
        if try history.git.isAncestor(theirs, of: ours) {
            if let name = options.switchesTo { try switchBranch(name) }
            return .upToDate(ours)
        }
        var merge = UnfinishedMerge(
            command: .merge, revision: revision, branch: branch.shortName, tip: ours, ours: ours,
            theirs: theirs)
        merge.message = options.message
        merge.isSquash = options.isSquash
        merge.allowsUnrelated = options.allowsUnrelated
        merge.switchesTo = options.switchesTo
        merge.decisions.preferred = options.strategy
        merge.backfills = settings.backfills
        // Values to fill in are recorded in a commit of the merge's own.
        if options.fastForward != .never, !options.isSquash, merge.backfills.isEmpty,
            let result = try moveForward(merge, settings: settings)
        {
            return result
        }
        guard options.fastForward != .only else {
            throw CinchError(
                code: .refused, message: "'\(branch.shortName)' can't just move to '\(revision)'",
                hint: "Both have commits of their own, or a view doesn't work there; merge without"
                    + " --ff-only.")
        }
        return try carryOut(merge, isKept: false, settings: settings)
    }

    /// Moves a branch that has nothing of its own to the other's commit; absent where it has, and
    /// where something that works on the branch would not any more.
    private func moveForward(_ merge: UnfinishedMerge, settings: RolloutSettings) throws
        -> MergeResult?
    {
        guard try history.git.isAncestor(merge.ours, of: merge.theirs) else { return nil }
        let combination = try combine(merge)
        guard combination.conflicts.isEmpty else { return nil }
        let report = try publish(
            merge.theirs, on: .branch(merge.branch), from: merge.ours,
            action: "merge \(merge.revision): Fast-forward", occasion: .merge(merge),
            settings: settings)
        if let name = merge.switchesTo { try switchBranch(name) }
        return .fastForward(
            Publication(
                branch: merge.branch, commit: merge.theirs, changes: combination.changes,
                rollout: report, warnings: combination.warnings,
                dataSteps: try dataSteps(of: merge.theirs, since: merge.ours)))
    }

    /// What merging a revision into a branch would do; nothing is written, no branch moves.
    package func preview(
        _ revision: String, into target: String? = nil, options: MergeOptions = MergeOptions()
    ) throws -> MergePreview {
        let branch = try target.map { try ReferenceName.branch($0) } ?? currentBranch()
        var merge = UnfinishedMerge(
            command: .merge, revision: revision, branch: branch.shortName,
            tip: try branchTip(branch), ours: try branchTip(branch), theirs: try commit(revision))
        merge.allowsUnrelated = options.allowsUnrelated
        merge.decisions.preferred = options.strategy
        let combination = try combine(merge)
        let outcome = combination.merge.outcome
        let isClean = combination.conflicts.isEmpty
        return MergePreview(
            // A thing in conflict may have no name of its own yet.
            changes: combination.changes.filter { !NameMerge.isTemporary($0.entity) },
            tree: isClean ? try history.writeTree(of: combination.merge, isStored: false) : nil,
            conflicts: try combination.openConflicts(in: history), notes: outcome.notes,
            warnings: combination.warnings,
            cost: MergePreview.Cost(
                objectsRead: history.git.objectsRead,
                statementsCompiled: combination.compiledCount,
                checkMicroseconds: Int(combination.checkDuration / .microseconds(1))))
    }

    /// The merge of two commits, checked by SQLite; nothing is written.
    package func preview(_ ours: ObjectID, _ theirs: ObjectID) throws -> MergeOutcome {
        let combination = try combine(
            UnfinishedMerge(
                command: .merge, revision: theirs.hex, branch: "", tip: ours, ours: ours,
                theirs: theirs))
        var outcome = combination.merge.outcome
        outcome.conflicts = combination.conflicts
        outcome.warnings = combination.warnings
        return outcome
    }

    /// Brings the sides of a merge together with what was decided so far.
    func combine(_ merge: UnfinishedMerge) throws -> Combination {
        let sides: Combination.Sides
        let theirTree = try history.git.readCommit(merge.theirs).tree
        switch merge.command {
        case .merge:
            let bases = try history.git.mergeBases(merge.ours, merge.theirs)
            sides = Combination.Sides(
                base: try history.mergeBases(
                    merge.ours, merge.theirs, allowsUnrelated: merge.allowsUnrelated
                ) { try $1.rename($0) },
                ours: merge.ours, theirs: merge.theirs, theirTree: theirTree, bases: bases)
        case .cherryPick, .rebase:
            sides = Combination.Sides(
                base: [try parentTree(of: merge)], ours: merge.ours, theirs: merge.theirs,
                theirTree: theirTree,
                bases: try history.git.mergeBases(merge.ours, merge.theirs),
                theirOrigin: merge.theirs)
        case .revert:
            sides = Combination.Sides(
                base: [theirTree], ours: merge.ours, theirs: merge.theirs,
                theirTree: try parentTree(of: merge), bases: [merge.theirs],
                theirOrigin: merge.theirs)
        }
        return try Combination(sides, decisions: merge.decisions, in: history)
    }

    // MARK: Unfinished merges

    /// The merge that waits for decisions; absent when there is none.
    package func unfinishedMerge() throws -> UnfinishedMerge? { try unfinishedMergeFile.read() }

    /// What is still open in the unfinished merge.
    ///
    /// - Throws: `.notFound` when no merge is unfinished.
    package func conflicts() throws -> (merge: UnfinishedMerge, open: [OpenConflict]) {
        guard let merge = try unfinishedMerge() else { throw UnfinishedMergeFile.nothing }
        return (merge, try combine(merge).openConflicts(in: history))
    }

    /// Decides something about the unfinished merge, in conflict or not.
    ///
    /// - Parameter path: `users`, `users.email`, `users.email.type`, `idx_users_email`.
    /// - Returns: What is still open.
    /// - Throws: `.notFound` when the path names nothing, `.invalid` for SQL that can't be taken.
    package func resolve(_ path: String, _ choice: MergeChoice) throws -> [OpenConflict] {
        guard let merge = try unfinishedMerge() else { throw UnfinishedMergeFile.nothing }
        let before = try combine(merge)
        let schemas = [before.merge.base, before.merge.ours, before.merge.theirs]
        let isOpen = before.conflicts.contains {
            Identifier($0.path).matches(Identifier(path))
        }
        guard isOpen || SchemaMerge.names(path, in: schemas) else {
            let open = before.conflicts.map { "'\($0.path)'" }.joined(separator: ", ")
            throw CinchError(
                code: .notFound, message: "The merge has no '\(path)' to decide",
                hint: open.isEmpty ? "Run 'cinch merge --continue'." : "Open are \(open).")
        }
        if case .sql(let text) = choice, Self.isName(path, in: before.conflicts) {
            try demandFree(text, at: path, in: merge)
        }
        var decided = merge
        decided.decisions.decide(path, choice)
        let after = try combine(decided)
        if let refusal = after.merge.outcome.refusals.first(where: {
            Identifier($0.path).matches(Identifier(path))
        }) {
            throw CinchError(
                code: .invalid, message: "'\(path)' can't be made this: \(refusal.reason)",
                hint: "Give what stands in its place: a CREATE statement, a column's definition,"
                    + " or the attribute alone.")
        }
        try unfinishedMergeFile.replace(merge, with: decided)
        return try after.openConflicts(in: history)
    }

    /// Whether a path names the name of something, rather than a thing called `name`.
    private static func isName(_ path: String, in conflicts: [Conflict]) -> Bool {
        let conflict = conflicts.first { Identifier($0.path).matches(Identifier(path)) }
        return ["name", "(name)"].contains(conflict?.attribute ?? "")
            || conflict == nil && path.hasSuffix(".(name)")
    }

    /// Commits the unfinished merge, once nothing is open.
    package func continueMerge(
        message: String? = nil, settings: RolloutSettings = RolloutSettings()
    ) throws -> MergeResult {
        guard var merge = try unfinishedMerge() else { throw UnfinishedMergeFile.nothing }
        let tip = try branchTip(.branch(merge.branch))
        guard tip == merge.tip else {
            // It was committed, and the process ended before it could be forgotten.
            if try isCommitted(merge, as: tip) {
                try unfinishedMergeFile.end()
                return .upToDate(tip)
            }
            throw CinchError(
                code: .busy,
                message: "'\(merge.branch)' has moved since the \(merge.command.rawValue) began",
                hint: "Run 'cinch merge --abort' and begin anew; nothing was changed.")
        }
        if let message { merge.message = message }
        if merge.command == .rebase { try Self.refuseBackfills(settings, by: "A rebase") }
        merge.backfills += settings.backfills
        return try carryOut(merge, isKept: true, settings: settings)
    }

    private func isCommitted(_ merge: UnfinishedMerge, as tip: ObjectID) throws -> Bool {
        let commit = try history.git.readCommit(tip)
        if merge.command == .merge, !merge.isSquash {
            return commit.parents == [merge.ours, merge.theirs]
        }
        guard merge.command != .rebase, commit.parents == [merge.ours] else { return false }
        let combination = try combine(merge)
        return try combination.conflicts.isEmpty
            && history.writeTree(of: combination.merge, isStored: false) == commit.tree
    }

    /// Refuses a new name that can't be one, or that something has already.
    private func demandFree(_ text: String, at path: String, in merge: UnfinishedMerge) throws {
        let name: Identifier
        do {
            name = try Identifier(parsing: text)
        } catch {
            throw CinchError(
                code: .invalid, message: "'\(TerminalText.escaped(text))' is no name",
                hint: "Write one name, in double quotes if it needs them.")
        }
        try EntityName.validate(name.text, kind: "table or column")
        // Everything is looked at, not only what differs.
        for side in [merge.ours, merge.theirs] {
            let schema = try history.schema(of: side)
            let table = schema.tables.first {
                Identifier(path).key.hasPrefix(Identifier($0.name.text + ".").key)
            }
            let isTable = table == nil || path.split(separator: ".").count < 3
            let isTaken =
                isTable
                ? schema.tables[name] != nil || schema.virtualTables[name] != nil
                    || schema.views[name] != nil || schema.indexes[name] != nil
                : table?.column(named: name) != nil
            guard !isTaken else {
                throw CinchError(
                    code: .exists, message: "There is a '\(name)' already",
                    hint: "Choose another name for '\(path)'.")
            }
        }
    }

    /// Forgets the unfinished merge and what was decided; no branch had moved.
    package func abortMerge() throws -> UnfinishedMerge? {
        guard try unfinishedMergeFile.exists() else { throw UnfinishedMergeFile.nothing }
        // A file that can't be read must not keep anybody from being rid of it.
        let merge = try? unfinishedMergeFile.read()
        try unfinishedMergeFile.end()
        return merge
    }

    /// Commits a merge, or keeps it where something is open.
    func carryOut(_ merge: UnfinishedMerge, isKept: Bool, settings: RolloutSettings) throws
        -> MergeResult
    {
        let combination = try combine(merge)
        guard combination.conflicts.isEmpty else {
            if !isKept { try unfinishedMergeFile.begin(merge) }
            return .conflicts(try combination.openConflicts(in: history))
        }
        return merge.command == .rebase
            ? try replay(merge, from: combination, settings: settings)
            : try conclude(merge, combination, isKept: isKept, settings: settings)
    }

    private func conclude(
        _ merge: UnfinishedMerge, _ combination: Combination, isKept: Bool,
        settings: RolloutSettings
    ) throws -> MergeResult {
        let branch = try ReferenceName.branch(merge.branch)
        let commit = try write(merge, combination)
        guard let commit else {
            if isKept { try unfinishedMergeFile.end() }
            return .upToDate(merge.tip)
        }
        let report = try publish(
            commit, on: branch, from: merge.tip, action: action(of: merge),
            occasion: .merge(merge), settings: settings)
        if isKept { try unfinishedMergeFile.end() }
        if let name = merge.switchesTo { try switchBranch(name) }
        return .merged(
            Publication(
                branch: merge.branch, commit: commit, changes: combination.changes,
                rollout: report,
                notes: combination.merge.outcome.notes, warnings: combination.warnings,
                dataSteps: try dataSteps(of: commit)))
    }

    /// Writes the commit of a merge; absent when it would change nothing and has no second
    /// parent. A rebase keeps a commit that changed nothing to begin with: it stands for what its
    /// message says, such as a waiver.
    func write(_ merge: UnfinishedMerge, _ combination: Combination) throws -> ObjectID? {
        var tree = try history.writeTree(of: combination.merge)
        if !merge.backfills.isEmpty {
            let steps = try dataSteps(
                filling: merge.backfills, in: history.schema(ofTree: tree),
                over: history.schema(of: merge.ours), after: tree, parent: merge.ours)
            tree = try history.git.adding(steps, to: tree)
        }
        let theirs = try history.git.readCommit(merge.theirs)
        let isMerge = merge.command == .merge && !merge.isSquash
        let isEmptyAnew = try {
            guard merge.command == .rebase, theirs.parents.count == 1 else { return false }
            return try history.git.readCommit(theirs.parents[0]).tree == theirs.tree
        }()
        if !isMerge, !isEmptyAnew, try history.git.readCommit(merge.ours).tree == tree {
            return nil
        }
        let keepsAuthor = [.cherryPick, .rebase].contains(merge.command)
        return try history.git.writeCommit(
            Commit(
                tree: tree, parents: isMerge ? [merge.ours, merge.theirs] : [merge.ours],
                author: keepsAuthor ? theirs.author : signature(.author), committer: signature(),
                message: message(of: merge, theirs) + waivers(squashedBy: merge)))
    }

    /// What was waived in the commits that a squash leaves out, as trailers: it is asked for where
    /// the change is, and the commits are not.
    private func waivers(squashedBy merge: UnfinishedMerge) throws -> String {
        guard merge.command == .merge, merge.isSquash else { return "" }
        var walk = RevisionWalk(history.git, from: [merge.theirs], excluding: [merge.ours])
        var trailers: [String] = []
        while let entry = try walk.next() {
            for waiver in Waiver.all(in: entry.commit.message, commit: entry.id).waivers {
                let trailer = "\(Waiver.key): \(waiver.text)\n"
                if !trailers.contains(trailer) { trailers.append(trailer) }
            }
        }
        guard !trailers.isEmpty else { return "" }
        // Trailers are one paragraph.
        let own = merge.message.map { Waiver.all(in: $0, commit: merge.theirs).waivers } ?? []
        return (own.isEmpty ? "\n" : "") + trailers.reversed().joined()
    }

    private func message(of merge: UnfinishedMerge, _ theirs: Commit) -> String {
        let text: String
        switch merge.command {
        case _ where merge.message != nil: text = merge.message ?? ""
        case .merge where merge.isSquash: text = "Squash branch '\(merge.revision)'"
        case .merge:
            let into = merge.branch == deployBranch ? "" : " into \(merge.branch)"
            text = "Merge branch '\(merge.revision)'\(into)"
        case .cherryPick, .rebase: text = theirs.message
        case .revert:
            text = "Revert \"\(theirs.subject)\"\n\nThis reverts commit \(merge.theirs.hex)."
        }
        return text.hasSuffix("\n") ? text : text + "\n"
    }

    private func action(of merge: UnfinishedMerge) -> String {
        switch merge.command {
        case .merge where merge.isSquash: "merge \(merge.revision): Squashed"
        case .merge: "merge \(merge.revision): Merge made by cinch"
        case .cherryPick: "cherry-pick: \(merge.revision)"
        case .revert: "revert: \(merge.revision)"
        case .rebase: "rebase (finish): onto \(merge.revision)"
        }
    }

    /// What differs between two commits' schemas.
    package func diff(of from: ObjectID, _ to: ObjectID) throws -> SchemaDiff {
        try history.diff(history.git.readCommit(from).tree, history.git.readCommit(to).tree)
    }
}

extension Combination {
    /// What the merge changes on our side.
    var changes: [SchemaChange] {
        SchemaDiff(from: merge.ours, to: merge.outcome.schema).changes
    }
}
