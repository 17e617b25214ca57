package import CinchGit
package import CinchSchema

/// A merge that waits for decisions: what it is of, and what was decided so far.
///
/// It is kept beside the repository in `cinch/merge.json`, which holds nothing but commits and
/// decisions; the conflicts themselves are found anew each time.
package struct UnfinishedMerge: Hashable, Sendable {
    /// The command that was begun.
    package enum Command: String, Hashable, Sendable, CaseIterable {
        case merge, revert, rebase
        case cherryPick = "cherry-pick"
    }

    /// The command that was begun.
    package var command: Command
    /// What it was begun with: the branch or commit that was named.
    package var revision: String
    /// The branch that will move.
    package var branch: String
    /// The commit the branch was at.
    package var tip: ObjectID
    /// The commit merged into: the branch's, or in a rebase the last one that was replayed.
    package var ours: ObjectID
    /// The commit that is merged, picked or reverted.
    package var theirs: ObjectID
    /// Commits of a rebase that are still to be replayed after this one, oldest first.
    package var remaining: [ObjectID] = []
    /// The message given for the commit; absent for the usual one.
    package var message: String?
    /// Whether an ordinary commit is made.
    package var isSquash = false
    /// Whether the histories may be unrelated.
    package var allowsUnrelated = false
    /// The branch to be on at the end; absent to stay.
    package var switchesTo: String?
    /// Which parent of a merge commit is its mainline, from 1; absent for other commits.
    package var mainline: Int?
    /// What columns hold in rows that have nothing to put there.
    package var backfills: [Backfill] = []
    /// What was decided.
    package var decisions = MergeDecisions()
}

extension UnfinishedMerge {
    /// The document that is kept.
    var json: JSONValue {
        var members: [JSONValue.Member] = [
            .init("version", 1), .init("command", .string(command.rawValue)),
            .init("revision", .string(revision)), .init("branch", .string(branch)),
            .init("tip", .string(tip.hex)), .init("ours", .string(ours.hex)),
            .init("theirs", .string(theirs.hex)),
            .init("remaining", .array(remaining.map { .string($0.hex) })),
            .init("squash", .boolean(isSquash)), .init("unrelated", .boolean(allowsUnrelated)),
        ]
        if let message { members.append(.init("message", .string(message))) }
        if let switchesTo { members.append(.init("switches_to", .string(switchesTo))) }
        if let mainline { members.append(.init("mainline", .integer(Int64(mainline)))) }
        if !backfills.isEmpty {
            let texts = backfills.map { JSONValue.string($0.text) }
            members.append(.init("backfills", .array(texts)))
        }
        if let side = decisions.preferred {
            members.append(.init("strategy", .string(side.rawValue)))
        }
        members.append(
            .init(
                "decisions",
                .array(
                    decisions.choices.map { path, choice in
                        var parts: [JSONValue.Member] = [
                            .init("path", .string(path)), .init("take", .string(choice.word)),
                        ]
                        if case .sql(let text) = choice {
                            parts.append(.init("sql", .string(text)))
                        }
                        return .object(parts)
                    })))
        return .object(members)
    }

    /// Reads what `json` wrote.
    ///
    /// - Throws: `CinchError` with `.corrupt`.
    init(_ json: JSONValue, path: String) throws {
        let damaged = CinchError(
            code: .corrupt, message: "'\(path)' does not say which merge is unfinished",
            hint: "Run 'cinch merge --abort' and merge again; no branch has moved.")
        func text(_ key: String) -> String? {
            guard case .string(let text)? = json[key] else { return nil }
            return text
        }
        func id(_ key: String) throws -> ObjectID {
            guard let id = text(key).flatMap({ ObjectID(hex: $0) }) else { throw damaged }
            return id
        }
        guard let command = text("command").flatMap(Command.init), let revision = text("revision"),
            let branch = text("branch")
        else { throw damaged }
        self.init(
            command: command, revision: revision, branch: branch, tip: try id("tip"),
            ours: try id("ours"), theirs: try id("theirs"))
        if case .array(let items)? = json["remaining"] {
            remaining = try items.map { item in
                guard case .string(let hex) = item, let id = ObjectID(hex: hex) else {
                    throw damaged
                }
                return id
            }
        }
        isSquash = json["squash"] == true
        allowsUnrelated = json["unrelated"] == true
        message = text("message")
        switchesTo = text("switches_to")
        if case .integer(let number)? = json["mainline"] { mainline = Int(number) }
        if case .array(let items)? = json["backfills"] {
            backfills = try items.map { item in
                guard case .string(let text) = item, let backfill = try? Backfill(parsing: text)
                else { throw damaged }
                return backfill
            }
        }
        decisions = MergeDecisions(preferring: text("strategy").flatMap(MergeSide.init))
        guard case .array(let items)? = json["decisions"] else { return }
        for item in items {
            guard case .string(let path)? = item["path"], case .string(let word)? = item["take"]
            else { throw damaged }
            if case .string(let sql)? = item["sql"] {
                decisions.decide(path, .sql(sql))
            } else if let choice = MergeChoice(word: word) {
                decisions.decide(path, choice)
            } else {
                throw damaged
            }
        }
    }
}

extension MergeChoice {
    /// The word of the option that makes this choice.
    package var word: String {
        switch self {
        case .base: "base"
        case .ours: "ours"
        case .theirs: "theirs"
        case .drop: "drop"
        case .sql: "sql"
        }
    }

    init?(word: String) {
        switch word {
        case "base": self = .base
        case "ours": self = .ours
        case "theirs": self = .theirs
        case "drop": self = .drop
        default: return nil
        }
    }
}

/// Where an unfinished merge is kept.
struct UnfinishedMergeFile {
    private let file: DurableFile

    init(repository: String) {
        file = DurableFile(path: "\(repository)/cinch/merge.json", makesFolder: true)
    }

    /// Reads it; absent when no merge is unfinished.
    func read() throws -> UnfinishedMerge? {
        guard let bytes = try file.read() else { return nil }
        // What is no JSON at all says as little as JSON of something else.
        let json = try? JSONValue(parsing: String(decoding: bytes, as: UTF8.self))
        return try UnfinishedMerge(json ?? .null, path: file.path)
    }

    /// Refuses to begin another merge while decisions would be lost by it.
    func demandNone() throws {
        if let merge = try read(), !merge.decisions.choices.isEmpty || merge.command == .rebase {
            throw Self.isUnfinished
        }
    }

    /// Keeps a merge that was begun; on disk when it returns.
    ///
    /// - Throws: `.refused` when another one is unfinished and something was decided about it.
    func begin(_ merge: UnfinishedMerge) throws {
        try file.update { bytes in
            if bytes != nil { try demandNone() }
            return Array(merge.json.text(pretty: true).utf8)
        }
    }

    /// Keeps a merge that has gone on by itself; on disk when it returns.
    func keep(_ merge: UnfinishedMerge) throws {
        try file.update { _ in Array(merge.json.text(pretty: true).utf8) }
    }

    /// Keeps it as it is now, if it is still the one that was read; on disk when it returns.
    func replace(_ old: UnfinishedMerge, with new: UnfinishedMerge) throws {
        try file.update { _ in
            guard try read() == old else {
                throw CinchError(
                    code: .busy, message: "Another process has changed the unfinished merge",
                    hint: "See 'cinch conflicts', and decide again.")
            }
            return Array(new.json.text(pretty: true).utf8)
        }
    }

    /// Whether one is kept, readable or not.
    func exists() throws -> Bool { try file.read() != nil }

    /// Forgets it.
    func end() throws {
        guard try file.read() != nil else { return }
        try file.update { _ in nil }
    }

    static let nothing = CinchError(
        code: .notFound, message: "No merge is unfinished", hint: "Run 'cinch merge BRANCH'.")

    static let isUnfinished = CinchError(
        code: .refused, message: "Another merge is unfinished",
        hint: "See 'cinch conflicts'; then 'cinch merge --continue' or 'cinch merge --abort'.")
}
