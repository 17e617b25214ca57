package import CinchGit
import CinchRepository

/// Another copy of the repository.
package struct Remote: Hashable, Sendable {
    /// What it is called here.
    package var name: String
    /// Where it is.
    package var url: String
    /// Where is pushed to, if that is another place.
    package var pushURL: String?

    /// Where it is, as it may be shown: without a password.
    package var shownURL: String { Self.shown(url) }

    /// Where is pushed to, as it may be shown.
    package var shownPushURL: String? { pushURL.map(Self.shown) }

    private static func shown(_ url: String) -> String {
        // What git was told without us may be in a form that is none of ours.
        guard let address = try? RemoteURL(url, from: "/"), !address.isPath else {
            return TerminalText.escaped(url)
        }
        return address.description
    }
}

/// A reference that a fetch has moved.
package struct RemoteMove: Hashable, Sendable {
    /// The reference.
    package var name: ReferenceName
    /// What it was; nil when it is new.
    package var old: ObjectID?
    /// What it is; nil when it is gone.
    package var new: ObjectID?
}

extension CinchDatabase {
    var gitProgram: GitProgram { GitProgram(repository: layout.repository, context: context) }

    // MARK: Which there are

    /// The remotes, in the order of the repository's `config`.
    package func remotes() throws -> [Remote] {
        var remotes: [Remote] = []
        for (key, value) in try settings("^remote\\..*\\.(url|pushurl)$") {
            guard let end = key.lastIndex(of: ".") else { continue }
            let name = String(key[key.index(key.startIndex, offsetBy: 7)..<end])
            let isPush = key[end...] == ".pushurl"
            if let place = remotes.firstIndex(where: { $0.name == name }) {
                if isPush { remotes[place].pushURL = value }
            } else if !isPush {
                remotes.append(Remote(name: name, url: value))
            }
        }
        return remotes
    }

    /// The settings of the repository, and of git's own files, whose keys match.
    private func settings(_ pattern: String) throws -> [(key: String, value: String)] {
        let answer = try gitProgram.run(["config", "-z", "--get-regexp", pattern])
        return answer.output.split(separator: "\0").map { entry in
            let parts = entry.split(separator: "\n", maxSplits: 1)
            return (String(parts[0]), parts.count > 1 ? String(parts[1]) : "")
        }
    }

    /// The remote of that name.
    ///
    /// - Throws: `.notFound`, `.invalid`.
    package func remote(_ name: String) throws -> Remote {
        let name = try RemoteName(name)
        let remotes = try remotes()
        if let found = remotes.first(where: { $0.name == name.text }) { return found }
        let known = remotes.map { "'\($0.name)'" }.joined(separator: ", ")
        throw CinchError(
            code: .notFound, message: "There is no remote '\(name)'",
            hint: known.isEmpty
                ? "Run 'cinch remote add \(name) URL'."
                : "There is \(known); 'cinch remote add \(name) URL' adds one.")
    }

    /// Writes down a remote; nothing is asked of it.
    ///
    /// - Throws: `.exists`, `.invalid`.
    package func addRemote(_ name: String, _ url: String) throws -> Remote {
        let name = try RemoteName(name)
        let url = try RemoteURL(url, from: context.currentDirectory)
        guard try !remotes().contains(where: { $0.name == name.text }) else {
            throw CinchError(
                code: .exists, message: "There is a remote '\(name)' already",
                hint: "Run 'cinch remote remove \(name)' first, or choose another name.")
        }
        try gitProgram.demand(
            ["remote", "add", name.text, url.text], "The remote '\(name)' can't be added",
            hint: "See what git said above.")
        return Remote(name: name.text, url: url.text)
    }

    /// Forgets a remote and what was fetched from it.
    ///
    /// - Throws: `.notFound`.
    package func removeRemote(_ name: String) throws {
        let remote = try remote(name)
        try gitProgram.demand(
            ["remote", "remove", remote.name], "The remote '\(remote.name)' can't be removed",
            hint: "See what git said above.")
    }

    // MARK: Upstream

    /// Where a branch is pushed to and pulled from, `branch.NAME.remote` and `branch.NAME.merge`;
    /// without these its own name at the remote `origin`.
    package func upstream(
        of branch: ReferenceName, remote: String? = nil
    ) throws -> (remote: String, branch: String) {
        func setting(_ key: String) throws -> String? {
            let answer = try gitProgram.run([
                "config", "--get", "branch.\(branch.shortName).\(key)",
            ])
            let text = answer.output.split(separator: "\n").first.map(String.init)
            return text.flatMap { $0.isEmpty ? nil : $0 }
        }
        let configured = try setting("remote")
        let remote = remote ?? configured ?? "origin"
        guard remote == configured, let merge = try setting("merge") else {
            return (remote, branch.shortName)
        }
        let prefix = "refs/heads/"
        return (remote, merge.hasPrefix(prefix) ? String(merge.dropFirst(prefix.count)) : merge)
    }

    // MARK: Fetch

    /// Gets what a remote has; no branch of this repository moves.
    ///
    /// - Parameters:
    ///   - name: nil for the current branch's upstream.
    ///   - prunes: Whether what is remembered of branches that are gone there is forgotten.
    /// - Returns: The remote's name, and the references that have moved.
    package func fetch(
        _ name: String? = nil, prunes: Bool = false
    ) throws -> (remote: String, moves: [RemoteMove]) {
        let name = try name ?? upstream(of: currentBranch()).remote
        let remote = try remote(name)
        let moves = try watching {
            try gitProgram.demand(
                ["-c", "fetch.fsckObjects=true", "fetch"] + (prunes ? ["--prune"] : [])
                    + ["--", remote.name],
                "Nothing could be fetched from '\(remote.name)'",
                hint:
                    "See what git said above; check the address with 'cinch remote list -v'. Where a"
                    + " branch is in the way that is gone there, run 'cinch fetch --prune'.")
        }
        return (remote.name, moves)
    }

    /// What references outside the branches are moved by something.
    func watching(_ body: () throws -> Void) throws -> [RemoteMove] {
        let before = try remoteReferences()
        try body()
        let after = try remoteReferences()
        return Set(before.keys).union(after.keys).sorted().compactMap { name in
            before[name] == after[name]
                ? nil : RemoteMove(name: name, old: before[name], new: after[name])
        }
    }

    private func remoteReferences() throws -> [ReferenceName: ObjectID] {
        let references = try ["refs/remotes/", "refs/tags/"].flatMap {
            try history.git.listReferences($0)
        }
        // A remote's HEAD only repeats one of its branches.
        return references.reduce(into: [:]) { known, reference in
            if !reference.name.path.hasSuffix("/HEAD") { known[reference.name] = reference.id }
        }
    }

    // MARK: Pull

    /// Whether the last fetch has found a branch; true when that can't be told.
    private func wasFetched(_ branch: String) -> Bool {
        guard let found = try? TextReplacement.read("\(layout.repository)/FETCH_HEAD") else {
            return true
        }
        return String(decoding: found, as: UTF8.self).contains("\tbranch '\(branch)' of ")
    }

    /// Fetches, and merges what the remote has for the current branch, as ``merge`` does:
    /// tenants follow, and a merge with conflicts is kept.
    ///
    /// - Parameters:
    ///   - name: The remote; nil for the upstream's.
    ///   - branch: The remote's branch; nil for the upstream's.
    /// - Returns: What was merged, and what came of it.
    package func pull(
        _ name: String? = nil, _ branch: String? = nil, options: MergeOptions = MergeOptions(),
        settings: RolloutSettings = RolloutSettings()
    ) throws -> (source: String, result: MergeResult) {
        try unfinishedMergeFile.demandNone()
        let current = try currentBranch()
        let upstream = try upstream(of: current, remote: name)
        let theirs = try ReferenceName.branch(branch ?? upstream.branch).shortName
        let remote = try fetch(upstream.remote).remote
        let source = "\(remote)/\(theirs)"
        // What is remembered of a branch that is gone there is nothing to merge.
        guard try history.git.findTarget(ReferenceName("refs/remotes/\(source)")) != nil,
            wasFetched(theirs)
        else {
            throw CinchError(
                code: .notFound, message: "'\(remote)' has no branch '\(theirs)'",
                hint: "Push it with 'cinch push', or name another: 'cinch pull \(remote) BRANCH'.")
        }
        var options = options
        let into = current.shortName == deployBranch ? "" : " into \(current.shortName)"
        let message = "Merge remote-tracking branch '\(source)'\(into)"
        options.message = options.message ?? (options.isSquash ? nil : message)
        return (
            source, try merge("refs/remotes/\(source)", options: options, settings: settings)
        )
    }
}
