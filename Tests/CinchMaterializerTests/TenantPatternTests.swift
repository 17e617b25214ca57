import CinchMaterializer
import CinchSQLite
import Testing

@Suite struct TenantPatternTests {
    private static let names = [
        "acme", "acme-2", "acme_corp", "a", "b", "ab", "abc", "abcabc", "globex", "x-y", "z9", "0",
        "a.b", "main",
    ]
    private static let patterns = [
        "acme", "acme*", "*", "**", "?", "??", "*c", "a*c", "a*b*c", "*abc", "*[0-9]", "[a-c]*",
        "[^a-m]*", "[abc]", "[a-]*", "[-a]", "[]a]*", "[^]]", "a[.]b", "x[-]y", "*b?", "*?*?*?",
        "[c-a]*", "ACME", "a**b", "a.b", "é*",
    ]

    @Test(arguments: patterns)
    func matchesWhatSQLiteMatches(_ text: String) throws {
        let pattern = try TenantPattern(text)
        let connection = try Connection()
        for name in Self.names {
            let wanted = try connection.scalar("SELECT ? GLOB ?", [.text(name), .text(text)])
            #expect(pattern.matches(name) == (wanted == 1), "\(name)")
        }
    }

    @Test func theShellsNegationIsUnderstoodToo() throws {
        let pattern = try TenantPattern("[!a]*")
        #expect(Self.names.filter(pattern.matches) == Self.names.filter { !$0.hasPrefix("a") })
    }

    @Test(arguments: ["", "[", "a[bc", "[]", "[^]"])
    func whatIsNoPatternIsRefused(_ text: String) {
        let error = #expect(throws: MaterializerError.self) { try TenantPattern(text) }
        #expect(error?.code == .invalidName)
    }
}
