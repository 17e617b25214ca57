import CinchMaterializer
import Testing

@Suite struct TenantNameTests {
    @Test(arguments: ["a", "acme_corp", "7", "a.b-c_d", String(repeating: "x", count: 63)])
    func anOrdinaryNameIsTaken(_ name: String) throws {
        #expect(try TenantName(name).rawValue == name)
    }

    @Test(arguments: [
        "", "../x", "a/b", ".a", "-a", "_a", "A", "é", "a b", "a\u{0}", "a\n",
        String(repeating: "x", count: 64), "a%2fb", "..", "a\\b",
    ])
    func aNameThatIsNoFileNameIsRefused(_ name: String) {
        let error = #expect(throws: MaterializerError.self) { try TenantName(name) }
        #expect(error?.code == .invalidName)
    }
}
