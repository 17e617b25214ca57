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
                .init("result", .string(result)), .init("conflicts", .array(conflicts.map(\.json))),
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
}
