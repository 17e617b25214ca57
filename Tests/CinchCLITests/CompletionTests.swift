import Testing

/// What bash offers at Tab, from the script that `cinch completions bash` prints.
@Suite("Completions")
struct CompletionTests {
    private var terminal: Terminal

    init() throws {
        terminal = try Terminal()
        let made = try terminal.run(
            "cinch init shop && cd shop && cinch completions bash >../script")
        #expect(made.status == 0, "\(made.text)")
    }

    /// The words offered for the last of `line`.
    private mutating func offered(_ line: String) throws -> [String] {
        let answer = try terminal.run(
            """
            cat >../ask <<'END' && bash ../ask
            source ../script
            COMP_LINE='\(line)' COMP_POINT=${#COMP_LINE} COMP_WORDS=(\(line)) COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
            [[ "$COMP_LINE" = *' ' ]] && COMP_WORDS+=('') COMP_CWORD=$((COMP_CWORD + 1))
            COMP_POINT=${#COMP_LINE}
            _cinch cinch "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
            printf '%s\\n' "${COMPREPLY[@]}"
            END
            """)
        #expect(answer.error == [], "\(answer.text)")
        return answer.output
    }

    @Test mutating func aNameIsOfferedAsItIsAndNeverRun() throws {
        let names = [
            "$(touch made)", "`touch made`", #"a"b"#, "don't", #"x:y\z"#, "two words", "~", "$HOME",
            "*", "naïve 表", "users",
        ]
        let statements = names.map {
            #"CREATE TABLE "\#($0.split(separator: "\"").joined(separator: "\"\""))" (id INTEGER);"#
        }
        let sql = statements.joined(separator: "\n")
        let made = try terminal.run("cat >s.sql <<'END' && cinch ddl -f s.sql\n\(sql)\nEND")
        #expect(made.status == 0, "\(made.text)")
        #expect(try Set(offered("cinch table delete ")) == Set(names))
        #expect(try offered("cinch blame us") == ["users"])
        #expect(try terminal.run("test -e made").status == 1)
    }

    @Test mutating func branchesAndColumnsAreOffered() throws {
        let made = try terminal.run(
            "cinch table create users email:str && cinch branch create 'a$(touch${IFS}made)'")
        #expect(made.status == 0, "\(made.text)")
        #expect(try Set(offered("cinch branch switch ")) == ["a$(touch${IFS}made)", "main"])
        #expect(try offered("cinch blame users.em") == ["users.email"])
        #expect(try terminal.run("test -e made").status == 1)
    }

    @Test mutating func bisectRunSaysHowItIsUsed() throws {
        for wish in ["--help", "-h"] {
            let help = try terminal.run("cinch bisect run \(wish)")
            #expect(help.status == 0)
            #expect(help.output.first?.hasPrefix("OVERVIEW: ") == true)
        }
    }

    @Test mutating func whatWasMistypedReachesTheTerminalWithoutItsControls() throws {
        let answer = try terminal.run("cinch \"$(printf '\\033[31mx')\"")
        #expect(answer.status == 64)
        #expect(!answer.text.contains("\u{1B}"))
    }
}
