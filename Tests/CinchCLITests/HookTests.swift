import Foundation
import Testing

/// Hooks of a project `shop` with a table on `main`, and a branch `feature` that adds one.
@Suite("Hooks")
struct HookTests {
    private var terminal: Terminal

    init() throws {
        terminal = try Terminal()
        try told(
            """
            cinch init shop && cd shop && cinch table create users email:str &&
            cinch branch create feature --switch && cinch table create posts title:str &&
            cinch branch switch main
            """)
    }

    /// Runs a command that must end with `status`.
    @discardableResult
    private mutating func told(
        _ command: String, status: Int32 = 0, _ location: SourceLocation = #_sourceLocation
    ) throws -> (output: String, error: String) {
        let answer = try terminal.run(command)
        #expect(answer.status == status, "\(command)\n\(answer.text)", sourceLocation: location)
        return (answer.output.joined(separator: "\n"), answer.error.joined(separator: "\n"))
    }

    private let folder = ".cinch/databases/shop/schema.git/hooks"

    /// Writes an executable hook.
    private mutating func write(_ hook: String, _ script: String) throws {
        try told(
            "cat >\(folder)/\(hook) <<'END' && chmod +x \(folder)/\(hook)\n#!/bin/sh\n\(script)\nEND"
        )
    }

    private mutating func tip(_ revision: String = "main") throws -> String {
        try told("git --git-dir=.cinch/databases/shop/schema.git rev-parse \(revision)").output
    }

    @Test mutating func aHookIsToldWhatWouldMoveAndMayLookAtIt() throws {
        try write(
            "pre-merge",
            """
            cat >../seen.json
            env | grep -E '^(CINCH|GIT_DIR)' | sort >../seen.env
            pwd >../seen.folder
            cinch diff "$CINCH_FROM" "$CINCH_TO" >../seen.diff &&
                git cat-file -t "$CINCH_TO" >../seen.type
            """)
        let (from, to) = (try tip(), try tip("feature"))
        let answer = try told("cinch merge feature --json").output
        #expect(try JSONSerialization.jsonObject(with: Data(answer.utf8)) is [String: Any])
        try told("cd .cinch/databases/shop")
        let json = try JSONSerialization.jsonObject(with: Data(told("cat seen.json").output.utf8))
        let seen = try #require(json as? [String: Any])
        #expect(seen["version"] as? Int == 1)
        #expect(seen["hook"] as? String == "pre-merge")
        #expect(seen["command"] as? String == "merge")
        #expect(seen["database"] as? String == "shop")
        #expect(seen["branch"] as? String == "main")
        #expect(seen["from"] as? String == from)
        #expect(seen["to"] as? String == to)
        let changes = try #require(seen["changes"] as? [[String: Any]])
        #expect(changes.contains { $0["summary"] as? String == "create table posts" })
        let root = "\(terminal.rootPath)/shop"
        let variables = try told("cat seen.env").output
        #expect(variables.contains("CINCH_DIR=\(root)\n"))
        #expect(variables.contains("GIT_DIR=\(root)/.cinch/databases/shop/schema.git"))
        for line in ["CINCH_HOOK=pre-merge", "CINCH_DATABASE=shop", "CINCH_BRANCH=main"] {
            #expect(variables.contains(line + "\n"), "\(variables)")
        }
        #expect(variables.contains("CINCH_FROM=\(from)\n"))
        #expect(variables.contains("CINCH_TO=\(to)\n"))
        #expect(try told("cat seen.folder").output == "\(root)/.cinch/databases/shop/schema.git")
        #expect(try told("cat seen.diff").output.hasPrefix("create table posts"))
        #expect(try told("cat seen.type").output == "commit")
    }

    @Test(arguments: ["pre-merge", "pre-materialize"])
    mutating func aNoMovesNothing(_ hook: String) throws {
        try write(hook, "echo on stdout; echo on stderr >&2; exit 7")
        let before = try tip()
        let answer = try told("cinch merge feature --no-ff", status: 1)
        #expect(answer.output.isEmpty)
        #expect(answer.error.hasPrefix("on stdout\non stderr\n"))
        #expect(
            answer.error.contains("error: The hook '\(hook)' ended with status 7\nhint: Nothing"))
        #expect(try tip() == before)
        #expect(try told("cinch tenant status").output.contains("current"))
        #expect(try told("cinch query 'SELECT count(*) FROM users'").output.contains("0"))
        try told("cinch query 'SELECT count(*) FROM posts'", status: 5)
    }

    @Test mutating func noVerifyLeavesOutPreCommitAndPreMergeOnly() throws {
        try write("pre-commit", "exit 1")
        try write("pre-merge", "exit 1")
        try told("cinch table create a x:int", status: 1)
        try told("cinch table create a x:int --no-verify")
        try told("cinch merge feature", status: 1)
        try told("cinch merge feature --no-verify")
        try write("pre-materialize", "exit 1")
        try told("cinch table create b x:int --no-verify", status: 1)
    }

    @Test mutating func everyCommandThatCommitsAsksPreCommit() throws {
        try write("pre-commit", "echo \"asked for $CINCH_COMMAND\"; exit 1")
        let commands = [
            ("cinch ddl 'CREATE TABLE t (x)'", "commit"),
            ("cinch data-step 'UPDATE users SET email = lower(email)'", "data-step"),
            ("cinch cherry-pick feature", "cherry-pick"), ("cinch revert HEAD", "revert"),
            ("echo 'CREATE TABLE m (x);' >m.sql && cinch import --migrations .", "import"),
        ]
        for (command, name) in commands {
            let answer = try told(command, status: 1)
            #expect(answer.error.contains("asked for \(name)"), "\(command): \(answer.error)")
        }
    }

    @Test mutating func whatHasHappenedStandsWhenAPostHookFails() throws {
        try write("post-merge", "exit 3")
        try write("post-materialize", "cat >../told.json; kill -9 $$")
        let answer = try told("cinch merge feature")
        #expect(answer.error.contains("warning: The hook 'post-merge' ended with status 3"))
        #expect(answer.error.contains("warning: The hook 'post-materialize' was ended by signal 9"))
        #expect(try tip() == tip("feature"))
        let json = try JSONSerialization.jsonObject(
            with: Data(told("cat .cinch/databases/shop/told.json").output.utf8))
        let rollout = try #require((json as? [String: Any])?["rollout"] as? [String: Any])
        #expect(rollout["changed"] as? Int == 1)
    }

    @Test mutating func materializeAsksAndTells() throws {
        try write("pre-materialize", "exit 1")
        try told("cinch materialize", status: 1)
        try told("cinch materialize --dry-run")
        try write("pre-materialize", "exit 0")
        try write("post-materialize", "echo told of $CINCH_COMMAND")
        #expect(try told("cinch materialize").error.contains("told of materialize"))
    }

    @Test mutating func aHookNeedNotReadWhatItIsTold() throws {
        // More than a pipe holds.
        try told(
            """
            cinch branch switch feature &&
            for i in $(seq 1500); do
                echo "CREATE TABLE a_table_with_a_rather_long_name_$i (a_column_with_a_long_name);"
            done >many.sql && cinch ddl -f many.sql >/dev/null && cinch branch switch main
            """)
        try write("pre-merge", "exec <&- >&- 2>&-; exit 0")
        try write("post-merge", "wc -c >../size")
        try told("cinch merge feature")
        let size = try told("cat .cinch/databases/shop/size").output
        #expect(Int(size.filter(\.isNumber)).map { $0 > 200_000 } == true, "\(size)")
    }

    @Test mutating func whatRunsTooLongIsKilledWithAllItStarted() throws {
        try told("printf '[hooks]\\ntimeout_seconds = 1\\n' >>.cinch/config.toml")
        try write("pre-merge", "sleep 600 & echo $! >../child; trap '' TERM; sleep 600; sleep 600")
        let before = try tip()
        let answer = try told("cinch merge feature", status: 1)
        #expect(answer.error.contains("error: The hook 'pre-merge' was killed after 1 s"))
        #expect(try tip() == before)
        // A zombie is dead, too: whoever inherits it may be slow to bury it.
        try told(
            """
            state=$(ps -o stat= -p $(cat .cinch/databases/shop/child) || true)
            case $state in ''|Z*) ;; *) echo "$state"; exit 1 ;; esac
            """)
    }

    @Test mutating func theUserEndsAHookWithTheCommand() throws {
        // The hook's parent is cinch itself.
        try write("pre-merge", "trap '' INT; kill -INT $PPID; echo $$ >../child; sleep 600")
        let before = try tip()
        let answer = try told("cinch merge feature", status: 130)
        #expect(answer.error.contains("error: The hook 'pre-merge' was interrupted"))
        #expect(try tip() == before)
    }

    @Test mutating func aChildInTheBackgroundIsNotWaitedFor() throws {
        try write("post-merge", "sleep 600 & echo $! >../child")
        // In one shell: what is left running holds what Foundation waits for.
        try told(
            """
            timeout 300 cinch merge feature; status=$?
            kill $(cat .cinch/databases/shop/child) && exit $status
            """)
    }

    @Test mutating func whatIsNotExecutableIsIgnoredWithAHint() throws {
        try told("echo 'exit 1' >\(folder)/pre-merge")
        let answer = try told("cinch merge feature")
        #expect(answer.error.contains("hint: The hook 'pre-merge' is ignored"))
    }

    @Test mutating func aLinkAndAScriptWithoutItsFirstLineAreRun() throws {
        try told(
            """
            echo 'echo by a link; exit 1' >elsewhere && chmod +x elsewhere &&
            ln -s "$PWD/elsewhere" \(folder)/pre-merge
            """)
        #expect(try told("cinch merge feature", status: 1).error.contains("by a link"))
    }

    @Test mutating func severalProgramsAreAskedInOrder() throws {
        try told("mkdir \(folder)/pre-merge.d")
        try write("pre-merge", "echo first")
        try write("pre-merge.d/20-b", "echo third; exit 1")
        try write("pre-merge.d/10-a", "echo second")
        try write("pre-merge.d/30-c", "echo never")
        let answer = try told("cinch merge feature", status: 1)
        #expect(answer.error.hasPrefix("first\nsecond\nthird\nerror: The hook 'pre-merge.d/20-b'"))
    }

    @Test mutating func aHookMayCommitAndHooksDoNotStartEachOtherWithoutEnd() throws {
        try write("post-merge", "cinch table create notes text:str")
        try told("cinch merge feature")
        #expect(try told("cinch table list").output.contains("notes"))
        try write("pre-commit", "cinch table create again x:int")
        let before = try tip()
        let answer = try told("cinch table create more x:int", status: 1)
        #expect(answer.error.contains("was started by hooks 8 deep"))
        #expect(try tip() == before)
    }

    @Test mutating func aHookWorksOnItsOwnDatabaseNotTheActiveOne() throws {
        try told("cinch db create other")
        try write("pre-commit", "cd / && cinch table list")
        #expect(try told("cinch table create more x:int").error.contains("users"))
        try told(
            """
            mkdir -p .cinch/databases/other/schema.git/hooks &&
            cp \(folder)/pre-commit .cinch/databases/other/schema.git/hooks/ && cinch db switch other
            """)
        #expect(try told("cinch table create more x:int").error.contains("users") == false)
        #expect(
            try told("CINCH_DATABASE=shop CINCH_DIR=. cinch table list").output.contains("users"))
    }

    @Test mutating func settingsInTheConfigurationReachHooks() throws {
        try told(
            "printf '[hooks.environment]\\nCINCH_NOTIFY = \"wc -c >../size\"\\n' >>.cinch/config.toml"
        )
        try told("cinch hooks install post-merge-notify && cinch merge feature")
        #expect(try told("cat .cinch/databases/shop/size").output != "0")
        try told("printf 'bad-name = \"x\"\\n' >>.cinch/config.toml; cinch status", status: 1)
    }
}

/// `cinch hooks`.
@Suite("Shipped hooks")
struct ShippedHookTests {
    private static let top = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

    @Test func whatIsInstalledIsTheFolderHooks() throws {
        var terminal = try Terminal()
        let names = try FileManager.default.contentsOfDirectory(atPath: "\(Self.top)/hooks")
            .filter { $0.hasPrefix("p") }.sorted()
        #expect(names.count == 6)
        let answer = try terminal.run(
            """
            cinch init shop && cd shop && cinch hooks install \(names.joined(separator: " ")) &&
            cd .cinch/databases/shop/schema.git/hooks && for name in \(names.joined(separator: " "))
            do cmp "\(Self.top)/hooks/$name" $(find . -name "$name" -type f) || exit 9
               test -x $(find . -name "$name" -type f) && sh -n "\(Self.top)/hooks/$name" || exit 8
            done
            """)
        #expect(answer.status == 0, "\(answer.text)")
    }

    @Test func whatIsNotOursIsLeftAlone() throws {
        var terminal = try Terminal()
        _ = try terminal.run(
            """
            cinch init shop && cd shop
            folder=.cinch/databases/shop/schema.git/hooks
            mkdir -p $folder/pre-merge.d
            echo mine >$folder/pre-merge.d/pre-merge-gate
            """)
        #expect(try terminal.run("cinch hooks install pre-merge-gate").status == 1)
        #expect(try terminal.run("cinch hooks uninstall pre-merge-gate").status == 4)
        #expect(try terminal.run("cinch hooks list").output.contains { $0.hasSuffix(" foreign") })
        #expect(try terminal.run("cat .cinch/*/*/*/hooks/*/pre-merge-gate").output == ["mine"])
        #expect(try terminal.run("cinch hooks install pre-merge-gate --force").status == 0)
        #expect(try terminal.run("cinch hooks install pre-merge-gate").status == 0)
        #expect(try terminal.run("chmod -x .cinch/*/*/*/hooks/*/pre-merge-gate").status == 0)
        #expect(try terminal.run("cinch hooks list").output.contains { $0.hasSuffix(" ignored") })
        #expect(try terminal.run("cinch hooks install pre-merge-gate").status == 0)
        #expect(try terminal.run("cinch hooks list").output.contains { $0.hasSuffix(" installed") })
        #expect(try terminal.run("echo >>.cinch/*/*/*/hooks/*/pre-merge-gate").status == 0)
        #expect(try terminal.run("cinch hooks list").output.contains { $0.hasSuffix(" changed") })
        #expect(try terminal.run("cinch hooks uninstall pre-merge-gate --force").status == 0)
        #expect(try terminal.run("cinch hooks uninstall pre-merge-gate").status == 5)
        #expect(try terminal.run("cinch hooks install nonsense").status == 5)
        #expect(try terminal.run("cinch hooks install ../../evil").status == 5)
    }

    @Test func oneCanBeTried() throws {
        var terminal = try Terminal()
        _ = try terminal.run("cinch init shop && cd shop && cinch table create users email:str")
        #expect(try terminal.run("cinch hooks run pre-merge").status == 5)
        #expect(try terminal.run("cinch hooks run nonsense").status == 5)
        _ = try terminal.run(
            "cinch hooks install post-merge-notify && cinch hooks install pre-materialize-rehearsal"
        )
        let notified = try terminal.run("CINCH_NOTIFY='cat' cinch hooks run post-merge-notify")
        #expect(notified.error.contains { $0.contains("\"summary\":\"create table users\"") })
        #expect(try terminal.run("CINCH_NOTIFY='exit 3' cinch hooks run post-merge").status == 1)
        let rehearsed = try terminal.run("cinch hooks run pre-materialize")
        #expect(rehearsed.status == 0, "\(rehearsed.text)")
    }

    @Test func aRehearsalThatFailsStopsTheRollout() throws {
        var terminal = try Terminal()
        _ = try terminal.run(
            """
            cinch init shop && cd shop && cinch ddl 'CREATE TABLE t (x)' &&
            cinch query "INSERT INTO t VALUES (1), (1)"
            cinch hooks install pre-materialize-rehearsal
            cinch branch create unique --switch && cinch index create t x --unique &&
            cinch branch switch main
            """)
        let answer = try terminal.run("cinch merge unique")
        #expect(answer.status == 1)
        #expect(
            answer.error.contains {
                $0.hasPrefix("error: The hook 'pre-materialize.d/pre-materialize-rehearsal'")
            }, "\(answer.text)")
        #expect(try terminal.run("cinch index list").output.isEmpty)
    }
}
