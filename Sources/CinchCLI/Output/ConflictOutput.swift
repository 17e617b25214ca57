import Cinch
import CinchGit
import CinchSchema

/// Prints conflicts: what both sides can't have, and which commits it comes from.
enum ConflictOutput {
    static func print(
        _ conflicts: [OpenConflict], result: String, database: CinchDatabase, json: Bool
    ) throws {
        if json {
            Console.print(json: [
                .init("result", .string(result)), .init("conflicts", try self.json(conflicts)),
            ])
        } else {
            list(conflicts, database: database)
        }
    }

    static func list(_ conflicts: [OpenConflict], database: CinchDatabase) {
        for open in conflicts {
            let conflict = open.conflict
            var title = "\(conflict.kind.rawValue): \(conflict.path)"
            if !conflict.objects.isEmpty {
                title += " is needed by \(conflict.objects.joined(separator: ", "))"
            }
            if !conflict.differences.isEmpty {
                title += " differs in \(conflict.differences.joined(separator: ", "))"
            }
            Console.print(title)
            if let reason = conflict.reason { Console.print("  SQLite says: \(reason)") }
            side("base", conflict.sides.base, nil, database)
            side("ours", conflict.sides.ours, open.ours, database)
            side("theirs", conflict.sides.theirs, open.theirs, database)
        }
    }

    private static func side(
        _ name: String, _ text: String?, _ commit: ObjectID?, _ database: CinchDatabase
    ) {
        guard text != nil || commit != nil else { return }
        let padded = name + String(repeating: " ", count: 8 - name.count)
        let lines = (text ?? "(gone)").split(separator: "\n").map { TerminalSafe.text(String($0)) }
        let source = commit.flatMap { id in
            (try? database.git.readCommit(id).subject).map {
                "  [\(id.abbreviated()) \(TerminalSafe.text($0))]"
            }
        }
        Console.print("  \(padded)\(lines.first ?? "")\(source ?? "")")
        for line in lines.dropFirst() { Console.print("          \(line)") }
    }

    static func json(_ conflicts: [OpenConflict]) throws -> JSONValue {
        let text = { (text: String?) -> JSONValue in text.map { .string($0) } ?? .null }
        let list = { (texts: [String]) in JSONValue.array(texts.map { .string($0) }) }
        return .array(
            conflicts.map { open in
                let conflict = open.conflict
                return .object([
                    .init("kind", .string(conflict.kind.rawValue)),
                    .init("path", .string(conflict.path)),
                    .init("entity", .string(conflict.entity)),
                    .init("attribute", text(conflict.attribute)),
                    .init("base", text(conflict.sides.base)),
                    .init("ours", text(conflict.sides.ours)),
                    .init("theirs", text(conflict.sides.theirs)),
                    .init("objects", list(conflict.objects)),
                    .init("differences", list(conflict.differences)),
                    .init("reason", text(conflict.reason)),
                    .init("ours_commit", text(open.ours?.hex)),
                    .init("theirs_commit", text(open.theirs?.hex)),
                ])
            })
    }
}
