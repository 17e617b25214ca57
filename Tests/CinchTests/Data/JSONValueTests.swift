import Cinch
import Testing

@Suite struct JSONValueTests {
    @Test(arguments: [
        "null", "true", "[]", "{}", "9223372036854775807", "-9223372036854775808", "0.1", "1.0",
        "5e-324", "1.7976931348623157e+308", "1e+16", "[1,[2,[]],{\"b\":1,\"a\":{}}]", "9e999",
        "-9e999",
        #""\"\\\n\t\u0000\u001b\u007f\u2028é👍""#,
    ])
    func whatIsWrittenReadsBack(_ text: String) throws {
        let value = try JSONValue(parsing: text)
        #expect(value.text() == text)
        #expect(try JSONValue(parsing: value.text(pretty: true)) == value)
    }

    @Test func escapesNumbersAndSpaceAreRead() throws {
        let text = "\u{FEFF} { \"a\\u00e9\\ud83d\\udc4d\\/\" : [ -0 , 1E2, 1.5e-3 ] }\r\n"
        #expect(try JSONValue(parsing: text) == ["aé👍/": [0, 100.0, 0.0015]])
    }

    @Test func prettyTextIsStable() {
        let value: JSONValue = ["b": [1, 2], "a": [:], "c": []]
        #expect(
            value.text(pretty: true) == """
                {
                  "b": [
                    1,
                    2
                  ],
                  "a": {},
                  "c": []
                }
                """)
    }

    @Test(arguments: [
        ("", "line 1, column 1"), ("{\"a\":1,}", "column 8"), ("[1 2]", "column 4"),
        ("{'a':1}", "column 2"),
        ("nul", "column 1"), ("01", "column 2"), ("1.", "column 3"), ("-", "column 2"),
        ("\"a", "no end"),
        ("\"\\x\"", "escape"), ("\"\\ud800\"", "surrogate"), ("\"\\udc00\"", "surrogate"),
        ("\"a\nb\"", "control"),
        ("[1,\n 9223372036854775808]", "line 2, column 2"), ("{\"a\":1,\"a\":2}", "twice"),
        ("1 2", "after the end"),
        ("NaN", "column 1"), ("\"\\u00g0\"", "hexadecimal"),
    ])
    func brokenTextIsAnErrorWithAPlace(_ text: String, _ words: String) throws {
        let error = try #require(failure { try JSONValue(parsing: text) })
        #expect(error.code == .invalid)
        #expect(error.message.contains(words), "\(error)")
    }

    @Test func deepNestingIsAnErrorAndNotACrash() throws {
        let deep = String(repeating: "[", count: 512) + String(repeating: "]", count: 512)
        _ = try JSONValue(parsing: deep)
        #expect(
            failure { try JSONValue(parsing: String(repeating: "[", count: 100_000)) }?.code
                == .invalid)
    }

    @Test func sqlValuesSurviveJSON() throws {
        let values: [SQLValue] = [
            nil, 1, 1.0, .real(.infinity), "text", .blob([]), .blob([1]), .blob([1, 2]),
            .blob([1, 2, 255]), true,
        ]
        for value in values {
            let text = value.json.text()
            #expect(try SQLValue(json: JSONValue(parsing: text)) == value, "\(text)")
        }
        #expect(SQLValue.blob([1, 2, 255]).json.text() == #"{"$blob":"AQL/"}"#)
        #expect(try SQLValue(json: ["a", ["b": 1]]) == #"["a",{"b":1}]"#)
        for broken: JSONValue in ["AQI", "A===", "AB==", "!!!!", 1] {
            #expect(failure { try SQLValue(json: ["$blob": broken]) }?.code == .invalid)
        }
    }
}
