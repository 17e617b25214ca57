import Cinch
import CinchSchema
import Foundation
import Testing

#if canImport(FoundationXML)
    import FoundationXML
#endif

/// The formats of a report with every oddity in it.
@Suite struct CheckFormatTests {
    private static let odd = "50%, <b> & \"q\" 'a': \u{1B}[31m\nnext\u{1}"

    private static let report: CheckReport = {
        let place = LintPlace(.table, Identifier("a b%c"), line: 3)
        var waived = CheckFinding(
            LintFinding(
                code: "drop-table", severity: .error, entity: "gone",
                message: "table gone is dropped",
                suggestion: "Don't.", place: place),
            file: "tables/a b%25c.sql")
        waived.waiver = Waiver(
            code: "drop-table", entity: "gone", lastDay: "2030-01-01", reason: odd)
        return CheckReport(
            base: "main", head: "HEAD", baseCommit: "aa", headCommit: "bb",
            findings: [
                CheckFinding(
                    LintFinding(
                        code: "drop-column", severity: .error, entity: odd, message: odd,
                        suggestion: odd, place: place),
                    file: "tables/a b%25c.sql"),
                waived,
                CheckFinding(
                    LintFinding(
                        code: "merge-warning", severity: .warning, entity: "x", message: "m"),
                    file: nil),
                CheckFinding(
                    LintFinding(
                        code: "naming", severity: .info, entity: "y", message: "n", place: place),
                    file: "tables/y.sql"),
            ], notes: [odd], failingSeverity: .error)
    }()

    @Test func peopleSeeALineForEachFinding() {
        let lines = CheckFormat.human.text(Self.report).split(separator: "\n")
        #expect(lines.contains("tables/a b%25c.sql:3: waived: table gone is dropped [drop-table]"))
        #expect(lines.contains("warning: m [merge-warning]"))
        #expect(lines.last == "1 error, 1 warning, 1 info, 1 waived")
        #expect(!CheckFormat.human.text(Self.report).unicodeScalars.contains("\u{1B}"))
    }

    @Test func jsonReadsBack() throws {
        let json = try JSONValue(parsing: CheckFormat.json.text(Self.report))
        #expect(json["version"] == 1)
        #expect(json["result"] == "findings")
        guard case .array(let findings)? = json["findings"] else {
            Issue.record("no findings")
            return
        }
        #expect(findings.map { $0["fails"] } == [true, false, false, false])
        #expect(findings[0]["entity"] == .string(Self.odd))
        #expect(findings[0]["help"] == "docs/lint.md#drop-column")
        #expect(findings[1]["waiver"]?["until"] == "2030-01-01")
        #expect(findings[2]["file"] == .null)
    }

    @Test func annotationsAreEscapedAsTheRunnerReadsThem() {
        let lines = CheckFormat.github.text(Self.report).split(separator: "\n").map(String.init)
        #expect(lines.count == 5)
        let odd = "50%25, <b> & \"q\" 'a': \\u{1B}[31m%0Anext\\u{1}"
        #expect(
            lines[0]
                == "::error file=tables/a b%2525c.sql,line=3,title=drop-column::\(odd)%0A\(odd)")
        #expect(lines[1].hasPrefix("::notice file="))
        #expect(lines[2] == "::warning title=merge-warning::m")
        #expect(lines[3].hasPrefix("::notice file=tables/y.sql,line=3,title=naming::"))
    }

    @Test func junitIsWellFormedAndCounts() throws {
        let text = CheckFormat.junit.text(Self.report)
        let document = try XMLDocument(xmlString: text)
        let suite = try #require(document.rootElement()?.elements(forName: "testsuite").first)
        let cases = suite.elements(forName: "testcase")
        let number = { (name: String) in suite.attribute(forName: name)?.stringValue }
        #expect(number("tests") == "\(cases.count)")
        #expect(number("failures") == "1")
        #expect(number("skipped") == "1")
        #expect(cases.count { !$0.elements(forName: "failure").isEmpty } == 1)
        #expect(cases.count { !$0.elements(forName: "skipped").isEmpty } == 1)
        let names = Set(cases.compactMap { $0.attribute(forName: "classname")?.stringValue })
        #expect(names == Set(CheckRule.all.map(\.code)))
    }

    @Test func sarifIsAsItsStandardDemands() throws {
        let log = try JSONValue(parsing: CheckFormat.sarif.text(Self.report))
        #expect(log["version"] == "2.1.0")
        guard case .array(let runs)? = log["runs"], let run = runs.first,
            let driver = run["tool"]?["driver"], case .array(let rules)? = driver["rules"],
            case .array(let results)? = run["results"]
        else {
            Issue.record("no run")
            return
        }
        let ids = rules.compactMap { rule -> String? in
            if case .string(let id)? = rule["id"] { id } else { nil }
        }
        #expect(ids == CheckRule.all.map(\.code))
        for rule in rules {
            #expect(rule["help"]?["text"] != nil)
            #expect(rule["shortDescription"]?["text"] != nil)
            #expect(Self.isLevel(rule["defaultConfiguration"]?["level"]))
        }
        #expect(results.count == Self.report.findings.count)
        var fingerprints: Set<JSONValue> = []
        for result in results {
            guard case .string(let id)? = result["ruleId"],
                case .integer(let index)? = result["ruleIndex"]
            else {
                Issue.record("no rule")
                continue
            }
            #expect(ids[Int(index)] == id)
            #expect(Self.isLevel(result["level"]))
            #expect(result["message"]?["text"] != nil)
            if let print = result["partialFingerprints"] { fingerprints.insert(print) }
            guard case .array(let locations)? = result["locations"] else { continue }
            for location in locations {
                guard let place = location["physicalLocation"] else { continue }
                guard case .string(let uri)? = place["artifactLocation"]?["uri"] else {
                    Issue.record("no uri")
                    continue
                }
                #expect(URL(string: uri) != nil && !uri.contains(" ") && !uri.hasPrefix("/"))
            }
        }
        #expect(fingerprints.count == results.count)
        #expect(results[1]["suppressions"] != nil)
        #expect(results[0]["suppressions"] == nil)
        #expect(run["automationDetails"]?["id"] != nil)
    }

    private static func isLevel(_ value: JSONValue?) -> Bool {
        ["none", "note", "warning", "error"].contains { value == .string($0) }
    }
}
