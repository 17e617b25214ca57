import Cinch
import CinchGit

/// Prints remotes, and what has come from them.
enum RemoteOutput {
    /// A remote as JSON.
    static func json(_ remote: Remote) -> JSONValue {
        .object([
            .init("name", .string(remote.name)), .init("url", .string(remote.shownURL)),
            .init("push_url", remote.shownPushURL.map { .string($0) } ?? .null),
        ])
    }

    /// A moved reference as JSON.
    static func json(_ move: RemoteMove) -> JSONValue {
        .object([
            .init("ref", .string(move.name.path)),
            .init("from", move.old.map { .string($0.hex) } ?? .null),
            .init("to", move.new.map { .string($0.hex) } ?? .null),
        ])
    }

    /// What a reference was and is, in a line.
    static func line(_ move: RemoteMove) -> String {
        let name = TerminalSafe.text(move.name.shortName)
        return switch (move.old, move.new) {
        case (let old?, let new?): "\(name) \(old.abbreviated())..\(new.abbreviated())"
        case (nil, let new?): "\(name) \(new.abbreviated()) (new)"
        default: "\(name) (gone)"
        }
    }

    /// A pushed reference as JSON.
    static func json(_ reference: PushedReference) -> JSONValue {
        .object([
            .init("ref", .string(reference.name)),
            .init("result", .string(reference.kind.rawValue)),
            .init("summary", .string(reference.summary)),
        ])
    }
}
