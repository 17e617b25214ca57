import CinchGit
import CinchRepository
import CinchSchema

extension CinchDatabase {
    /// Looks at what merging one revision into another would bring.
    ///
    /// Nothing is written: what has to be merged on the way stays in memory, so that a read-only
    /// copy can be asked, and a server's hook about objects that git still keeps in quarantine.
    ///
    /// - Throws: `CinchError` for revisions that are none, or share no history.
    package func check(_ options: CheckOptions = CheckOptions()) throws -> CheckReport {
        for code in options.codes where CheckRule.named(code) == nil {
            throw CinchError(
                code: .usage, message: "There is no rule '\(TerminalText.escaped(code))'",
                hint: "See docs/lint.md for their codes.")
        }
        return try CheckRun(of: snapshot(), options).report()
    }

    /// The same database, whose objects can be added to in memory only, and with those that git
    /// has not taken yet.
    private func snapshot() throws -> CinchDatabase {
        let quarantine = context.variable("GIT_QUARANTINE_PATH").map { [$0] } ?? []
        return CinchDatabase(
            name: name, layout: layout, configuration: configuration,
            history: try SchemaRepository.open(
                at: layout.repository, borrowingFrom: quarantine, keepsWritesInMemory: true),
            context: context)
    }

    /// `[lint]` of the project, or where that says nothing of `cinch/config.toml` in the
    /// repository.
    func lintConfiguration() throws -> LintConfiguration? {
        if let lint = configuration.lint { return lint }
        return try ConfigurationFile(path: "\(layout.repository)/cinch/config.toml").read().lint
    }
}

/// One check on its way.
private struct CheckRun {
    let database: CinchDatabase
    let options: CheckOptions
    let lint: LintConfiguration?
    let base: (name: String, commit: ObjectID)?
    let head: ObjectID
    private var git: GitRepository { database.history.git }

    init(of database: CinchDatabase, _ options: CheckOptions) throws {
        self.database = database
        self.options = options
        lint = try database.lintConfiguration()
        let name = options.base ?? database.deployBranch
        let isRoot =
            options.isRoot
            || !name.isEmpty && name.utf8.allSatisfy { $0 == 0x30 } && name.count > 39
        base = isRoot ? nil : (name, try database.commit(name))
        head = try database.commit(options.head)
    }

    func report() throws -> CheckReport {
        var report = CheckReport(
            base: base?.name, head: options.head, baseCommit: base?.commit.hex,
            headCommit: head.hex, findings: [], notes: [],
            failingSeverity: options.failingSeverity ?? settings.failingSeverity)
        report.notes = (lint?.unknownKeys ?? []).map { "[lint] has '\($0)', which is no rule" }
        let change = try change()
        report.notes += change.notes
        let waivers = try waivers(&report.notes)
        var isUsed = [Bool](repeating: false, count: waivers.count)
        let found = Lint.sorted(change.findings).map { finding in
            CheckFinding(finding, file: finding.place.map(CheckFinding.file))
        }
        for var item in found + change.queries where isAsked(item.finding) {
            let finding = item.finding
            if let place = waivers.firstIndex(where: { $0.covers(finding) }) {
                item.waiver = waivers[place]
                isUsed[place] = true
            }
            report.findings.append(item)
        }
        for (waiver, isUsed) in zip(waivers, isUsed)
        where !isUsed && options.codes.isEmpty && !report.hasConflicts {
            report.notes.append("the waiver '\(waiver.text)' is about nothing that was found")
        }
        return report
    }

    private var settings: LintSettings { lint?.settings ?? LintSettings() }

    private func isAsked(_ finding: LintFinding) -> Bool {
        options.codes.isEmpty || options.codes.contains(finding.code)
            || finding.code == CheckRule.conflict.code
    }

    // MARK: The change

    private struct Change {
        var findings: [LintFinding] = []
        var queries: [CheckFinding] = []
        var notes: [String] = []
    }

    private func change() throws -> Change {
        guard let base else {
            let schema = try database.history.schema(of: head)
            var change = Change()
            change.findings = try lint(from: Schema(), to: schema, tree: nil)
            change.findings += try broken(schema).compactMap(settings.graded)
            change.queries = try queries(
                in: git.readCommit(head).tree, known: [], earlier: [], merged: schema)
            return change
        }
        guard try !git.isAncestor(head, of: base.commit) else { return Change() }
        let combination = try database.combine(
            UnfinishedMerge(
                command: .merge, revision: options.head, branch: base.name, tip: base.commit,
                ours: base.commit, theirs: head))
        let merge = combination.merge
        guard combination.conflicts.isEmpty else {
            let schemas = [merge.theirs, merge.ours, merge.base]
            return Change(findings: combination.conflicts.map { finding($0, in: schemas) })
        }
        let isAhead = try git.isAncestor(base.commit, of: head)
        let trees = (
            before: try git.readCommit(base.commit).tree,
            after: isAhead
                ? try git.readCommit(head).tree : try database.history.writeTree(of: merge)
        )
        let before = try database.history.schema(ofTree: trees.before)
        let after = try database.history.schema(ofTree: trees.after)
        var change = Change(notes: merge.outcome.notes)
        change.findings = try lint(
            from: before, to: after, tree: (trees.after, trees.before))
        change.findings += combination.warnings.compactMap { warning in
            finding(warning, in: after, besides: change.findings)
        }.compactMap(settings.graded)
        if trees.before != trees.after {
            change.queries = try queries(
                in: trees.after, known: Set(database.queries(in: trees.before).map(\.name)),
                earlier: [before] + (isAhead ? [] : [database.schema(of: head)]), merged: after)
        }
        return change
    }

    /// - Parameter known: Queries that were there before: that they work nowhere is no news.
    private func queries(
        in tree: ObjectID, known: Set<String>, earlier: [Schema], merged: Schema
    ) throws -> [CheckFinding] {
        let check = try QueryCheck(
            database.queries(in: tree).sorted {
                ($0.places.first?.description ?? "", $0.name)
                    < ($1.places.first?.description ?? "", $1.name)
            }, earlier: earlier,
            merged: merged)
        return check.failures.compactMap { failure in
            guard failure.isBroken || !known.contains(failure.query.name),
                let finding = settings.graded(LintFinding(failure))
            else { return nil }
            let place = failure.query.places.first
            return CheckFinding(
                finding, file: place?.file ?? "queries/\(failure.query.name).sql",
                line: place?.line)
        }
    }

    private func lint(
        from before: Schema, to after: Schema, tree: (after: ObjectID, before: ObjectID)?
    ) throws -> [LintFinding] {
        let steps = try tree.map { try git.dataSteps(in: $0.after, notIn: $0.before) } ?? []
        return Lint.findings(
            from: before, to: after, filling: steps.flatMap(\.subjects), settings: settings)
    }

    // MARK: What merging and SQLite say

    private func finding(_ conflict: Conflict, in schemas: [Schema]) -> LintFinding {
        let rule = CheckRule.conflict
        let places = schemas.compactMap { LintPlace(path: conflict.entity, in: $0) }
        return LintFinding(
            code: rule.code, severity: rule.severity, entity: conflict.path,
            message: conflict.summary,
            suggestion:
                "Merge it, decide '\(conflict.path)' with 'cinch resolve', and check again.",
            place: places.first { $0.line > 1 } ?? places.first)
    }

    private func finding(
        _ warning: MergeWarning, in schema: Schema, besides findings: [LintFinding]
    ) -> LintFinding? {
        let isKnown = { (code: String) in
            findings.contains { $0.code == code && $0.entity == warning.entity }
        }
        switch warning.kind {
        // Lint says so itself.
        case .redundantIndex where isKnown("redundant-index"),
            .viewShape where isKnown("select-star"):
            return nil
        default: break
        }
        let rule = warning.kind == .broken ? CheckRule.broken : CheckRule.mergeWarning
        return LintFinding(
            code: rule.code, severity: rule.severity, entity: warning.entity,
            message: warning.message, place: LintPlace(path: warning.entity, in: schema))
    }

    /// What SQLite can't run of a schema that is new as a whole.
    private func broken(_ schema: Schema) throws -> [LintFinding] {
        let rule = CheckRule.broken
        let failures = try SemanticCheck(schema).failures
        return failures.sorted { $0.key < $1.key }.filter { !$0.value.isOfTheScratch }.map {
            LintFinding(
                code: rule.code, severity: rule.severity, entity: $0.value.entity.text,
                message: "SQLite can't run this: \($0.key): \($0.value.message)",
                place: LintPlace(path: $0.value.entity.text, in: schema))
        }
    }

    // MARK: Waivers

    /// The waivers that count, of the commits that are new; why the others don't goes to notes.
    ///
    /// - Throws: `.invalid` when one of them holds no schema, even if a later one mends it: no
    ///   `log` or `blame` would come past it, and a branch that is only added to keeps it for good.
    private func waivers(_ notes: inout [String]) throws -> [Waiver] {
        var walk = RevisionWalk(git, from: [head], excluding: base.map { [$0.commit] } ?? [])
        var waivers: [Waiver] = []
        let now = try Timestamp(for: .committer, in: database.context)
        while let entry = try walk.next() {
            let found = Waiver.all(in: entry.commit.message, commit: entry.id)
            let commit = entry.id.abbreviated()
            do {
                _ = try database.history.schema(ofTree: entry.commit.tree)
            } catch {
                throw CinchError(
                    code: .invalid,
                    message: "Commit '\(commit)' can't be merged:"
                        + " \(CinchError(translating: error).message)",
                    hint: "Rewrite the branch without it; a later commit can't mend it.")
            }
            for line in found.unreadable {
                notes.append("'\(line)' in \(commit) can't be read as a waiver and does not count")
            }
            for waiver in found.waivers {
                if let refusal = waiver.refusal(now: now) {
                    notes.append(
                        "the waiver '\(waiver.text)' in \(commit) does not count: \(refusal)")
                } else {
                    waivers.append(waiver)
                }
            }
        }
        return waivers
    }
}

extension LintFinding {
    fileprivate init(_ failure: QueryCheck.Failure) {
        let rule = failure.isBroken ? CheckRule.queryBreaks : CheckRule.queryFails
        let query = failure.query
        var subject = "query \(query.name)"
        if let place = query.places.first {
            subject += " in \(place.file), line \(place.line)"
            let others = query.places.dropFirst().map(\.description)
            if !others.isEmpty { subject += " (and \(others.joined(separator: ", ")))" }
        }
        self.init(
            code: rule.code, severity: rule.severity, entity: query.name,
            message: failure.isBroken
                ? "this merge breaks \(subject): \(failure.message)"
                : "\(subject) works on neither side: \(failure.message)",
            suggestion: query.sql.split(whereSeparator: \.isWhitespace).joined(separator: " "))
    }
}

extension CheckFinding {
    fileprivate static func file(_ place: LintPlace) -> String {
        let folder = EntityFolder.allCases.first { $0.kind == place.kind } ?? .tables
        return "\(folder.rawValue)/\(EntityFolder.fileName(of: place.name))"
    }
}

extension LintPlace {
    /// Where an entity of a schema is that a path begins with; absent when it has none.
    fileprivate init?(path: String, in schema: Schema) {
        let name = Identifier(path)
        if let view = schema.views[name] {
            self.init(.view, view.name)
        } else if let index = schema.indexes[name] {
            self.init(.index, index.name)
        } else if let trigger = schema.triggers[name] {
            self.init(.trigger, trigger.name)
        } else if let table = schema.virtualTables[name] {
            self.init(.table, table.name)
        } else if let table = schema.tables.last(where: {
            $0.name.key == name.key || name.key.hasPrefix($0.name.key + ".")
        }) {
            let rest = path.dropFirst(table.name.text.count + 1)
            let column = rest.split(separator: ".").first.map { Identifier(String($0)) }
            self.init(column: column, of: table)
        } else {
            return nil
        }
    }
}
