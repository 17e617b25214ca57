import Cinch
import CinchSchema

/// Prints differences between schemas.
enum DiffOutput {
    /// Each change with its text before and after, as lines to take away and to add.
    static func lines(_ diff: SchemaDiff) -> [String] {
        var lines: [String] = []
        for change in diff.changes {
            lines.append(change.summary.split(separator: "\n").first.map(String.init) ?? "")
            switch change {
            case .renameTable, .renameColumn: break
            default:
                lines += (change.before.map(Self.split) ?? []).map { "- \($0)" }
                lines += (change.after.map(Self.split) ?? []).map { "+ \($0)" }
            }
        }
        return lines
    }

    /// A data step with its statements, as lines to add.
    static func lines(_ step: DataStep) -> [String] {
        [step.summary] + split(step.script).map { "+ \(TerminalSafe.text($0))" }
    }

    private static func split(_ text: String) -> [String] {
        text.split(separator: "\n").map(String.init)
    }

    /// How many changes each entity has, and what sort they are.
    static func stat(_ diff: SchemaDiff) -> [String] {
        var order: [String] = []
        var counts: [String: (added: Int, dropped: Int, changed: Int)] = [:]
        for change in diff.changes {
            let name = change.entity.text
            if counts[name] == nil { order.append(name) }
            switch change.verb {
            case "create", "add": counts[name, default: (0, 0, 0)].added += 1
            case "drop": counts[name, default: (0, 0, 0)].dropped += 1
            default: counts[name, default: (0, 0, 0)].changed += 1
            }
        }
        let width = order.map(\.count).max() ?? 0
        var lines = order.map { name in
            let count = counts[name] ?? (0, 0, 0)
            let marks =
                String(repeating: "+", count: count.added)
                + String(repeating: "~", count: count.changed)
                + String(repeating: "-", count: count.dropped)
            let padding = String(repeating: " ", count: width - name.count)
            return " \(name)\(padding) | \(count.added + count.dropped + count.changed) \(marks)"
        }
        let total = diff.changes.count
        if total > 0 {
            lines.append(
                " \(order.count) entit\(order.count == 1 ? "y" : "ies") changed,"
                    + " \(total) change\(total == 1 ? "" : "s")")
        }
        return lines
    }
}
