import ArgumentParser
import Cinch

/// `cinch tenant status`.
struct TenantStatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show where each tenant is, seen from the deploy branch.",
        discussion: """
            current, behind, failed (behind, and the last rollout could not change it), drifted
            (as a rollout has found) or unreadable. 'cinch drift' looks for new drift.
            """)

    @Flag(help: "Only those that are not current, for whatever reason.") var behind = false
    @Flag(help: "Only those the last rollout could not change.") var failed = false
    @Flag(help: "Only those whose schema is not what their stamp says.") var drifted = false
    @OptionGroup var options: ReadingOptions

    func run() throws {
        let all = try Session.database().tenantStatus()
        let shown = all.filter { isWanted($0.status) }
        if options.json {
            let counts = TenantInformation.Status.allCases.map { status in
                JSONValue.Member(
                    status.rawValue, .integer(Int64(all.count { $0.status == status })))
            }
            Console.print(json: [
                .init(
                    "tenants",
                    .array(
                        shown.map { tenant in
                            .object(TenantCommand.facts(tenant).map { .init($0.0, $0.1) })
                        })),
                .init("counts", .object(counts)),
            ])
        } else {
            Console.printRaw(Self.lines(shown))
            Console.note(Self.summary(all))
        }
    }

    private func isWanted(_ status: TenantInformation.Status) -> Bool {
        if !behind, !failed, !drifted { return true }
        return behind && status != .current || failed && status == .failed
            || drifted && status == .drifted
    }

    private static func lines(_ tenants: [TenantInformation]) -> String {
        let names = tenants.map(\.name.count).max() ?? 0
        let states = tenants.map(\.status.rawValue.count).max() ?? 0
        return tenants.map { tenant in
            let commit = tenant.commit.map { String($0.prefix(7)) } ?? "-"
            var notes: [String] = []
            if let behind = tenant.behind, behind > 0, tenant.status != .current {
                notes.append("\(behind) commit\(behind == 1 ? "" : "s") behind")
            }
            if let reason = tenant.reason { notes.append(TerminalText.escaped(reason)) }
            let note = notes.isEmpty ? "" : "  " + notes.joined(separator: ", ")
            return pad(tenant.name, names) + "  " + pad(tenant.status.rawValue, states)
                + "  \(commit)\(note)\n"
        }.joined()
    }

    private static func pad(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: width - text.count)
    }

    private static func summary(_ all: [TenantInformation]) -> String {
        let current = all.count { $0.status == .current }
        var text = "\(current) of \(all.count) tenant\(all.count == 1 ? " is" : "s are") current"
        for status in TenantInformation.Status.allCases.dropFirst() {
            let count = all.count { $0.status == status }
            if count > 0 { text += ", \(count) \(status.rawValue)" }
        }
        return text
    }
}
