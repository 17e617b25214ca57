import Testing

@Suite("Normalizer")
struct NormalizerTests {
    private func normalized(_ lines: [String]) -> [String] {
        var normalizer = Normalizer(root: "/somewhere")
        return normalizer.normalize(Terminal.Answer(output: lines)).output
    }

    @Test func anAbbreviationIsTheIdItAbbreviates() {
        let id = "0123456789abcdef0123456789abcdef01234567"
        #expect(
            normalized(["commit \(id)", "0123456 main", "fedcba9 other"])
                == ["commit <id 1>", "<id 1> main", "<id 2> other"])
    }

    @Test func timesPathsAndDurationsAreNotCompared() {
        #expect(
            normalized([
                "at 2026-01-31 10:11:12.345 in /somewhere/x", "took 1.25 s, 12 tenants",
            ])
                == ["at <time> in <root>/x", "took <duration>, 12 tenants"])
    }

    @Test func aTranscriptKnowsItsStreamsAndStatus() {
        let transcript = Transcript(
            """
            # A story
            $ first \\
            > second
            out

            $ third
            2| error: no
            [5]

            # The end
            """)
        #expect(transcript.commands.map(\.text) == ["first \\\nsecond", "third"])
        #expect(transcript.commands.map(\.line) == [2, 6])
        #expect(transcript.commands.first?.expected == .init(output: ["out"]))
        #expect(transcript.commands.last?.expected == .init(error: ["error: no"], status: 5))
    }
}
