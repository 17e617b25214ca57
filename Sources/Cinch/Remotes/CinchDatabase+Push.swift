import CinchGit

/// How a branch is pushed.
package struct PushOptions: Sendable {
    /// Replaces what the remote has, if that is still what was fetched last.
    package var forcesWithLease = false
    /// Pushes all tags with it.
    package var includesTags = false
    /// Writes down that the branch belongs to the remote's.
    package var setsUpstream = false

    /// Makes options, those of a plain push.
    package init() {}
}

/// What became of a reference that was pushed.
package struct PushedReference: Hashable, Sendable {
    /// What happened, as `git push --porcelain` has it.
    package enum Kind: String, Hashable, Sendable {
        case upToDate = "up-to-date"
        case created, moved, forced, rejected, deleted
    }

    /// The remote's reference.
    package var name: String
    package var kind: Kind
    /// Git's words: from and to, or why not.
    package var summary: String

    /// Reads the lines that are about references.
    static func all(in porcelain: String) -> [PushedReference] {
        porcelain.split(separator: "\n").compactMap { line in
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
            guard fields.count >= 3, let flag = fields[0].first, fields[0].count == 1,
                let kind = kind(of: flag), let colon = fields[1].lastIndex(of: ":")
            else { return nil }
            return PushedReference(
                name: String(fields[1][fields[1].index(after: colon)...]), kind: kind,
                summary: String(fields[2]))
        }
    }

    private static func kind(of flag: Character) -> Kind? {
        switch flag {
        case " ": .moved
        case "+": .forced
        case "-": .deleted
        case "*": .created
        case "=": .upToDate
        case "!": .rejected
        default: nil
        }
    }
}

extension CinchDatabase {
    /// Brings a branch to a remote. Nothing moves here but what is remembered of the remote.
    ///
    /// - Parameters:
    ///   - name: The remote; nil for the branch's upstream, or `origin`.
    ///   - branch: nil for the current one.
    /// - Throws: `.failed` when the remote doesn't take it, with what to do about that.
    package func push(
        _ name: String? = nil, _ branch: String? = nil, options: PushOptions = PushOptions()
    ) throws -> (remote: String, references: [PushedReference]) {
        let branch = try branch.map { try ReferenceName.branch($0) } ?? currentBranch()
        _ = try branchTip(branch)
        let upstream = try upstream(of: branch, remote: name)
        let remote = try remote(upstream.remote)
        let target = try ReferenceName.branch(upstream.branch)
        // Git would advise a merge of its own.
        var words = ["-c", "advice.pushUpdateRejected=false", "push", "--porcelain"]
        if options.forcesWithLease { words.append("--force-with-lease") }
        if options.includesTags { words.append("--tags") }
        if options.setsUpstream { words.append("--set-upstream") }
        let answer = try gitProgram.run(words + ["--", remote.name, "\(branch):\(target)"])
        let references = PushedReference.all(in: answer.output)
        guard answer.ending.isSuccess else {
            throw Self.pushFailure(answer.ending, references, branch.shortName, remote.name)
        }
        return (remote.name, references)
    }

    private static func pushFailure(
        _ ending: ChildProcess.Ending, _ references: [PushedReference], _ branch: String,
        _ remote: String
    ) -> CinchError {
        guard let rejected = references.first(where: { $0.kind == .rejected }) else {
            return GitProgram.failure(
                ending, "'\(branch)' could not be pushed to '\(remote)'",
                hint: "See what git said above; check the address with 'cinch remote list -v'.")
        }
        let message = "'\(remote)' did not take '\(branch)'"
        let summary = TerminalText.escaped(rejected.summary)
        if summary.contains("stale info") {
            return CinchError(
                code: .failed, message: "\(message): it has moved since it was fetched last",
                hint: "Run 'cinch fetch \(remote)' and look at what is new before you replace it.")
        }
        if summary.contains("fetch first") || summary.contains("non-fast-forward") {
            return CinchError(
                code: .failed, message: "\(message): it has commits that are not here",
                hint: "Run 'cinch pull \(remote)' and push again.")
        }
        return CinchError(
            code: .failed, message: "\(message): \(summary)",
            hint: "See what the server said above; nothing has moved there.")
    }
}
