import Foundation
import Testing

/// The gate where pushes arrive: a plain git server, and CI jobs.
@Suite("Gate on a server")
struct ServerGateTests {
    private static let hooks = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("hooks").path

    private var terminal: Terminal

    init() throws { terminal = try Terminal() }

    /// Runs a command that must end with `status`.
    @discardableResult
    private mutating func told(
        _ command: String, status: Int32 = 0, _ location: SourceLocation = #_sourceLocation
    ) throws -> (output: String, error: String) {
        let answer = try terminal.run(command)
        #expect(answer.status == status, "\(command)\n\(answer.text)", sourceLocation: location)
        return (answer.output.joined(separator: "\n"), answer.error.joined(separator: "\n"))
    }

    /// A server, and a project whose `main` was pushed to it.
    private mutating func makeServer(_ format: String = "sha256") throws {
        try told(
            """
            sh "\(Self.hooks)/ci/git-server.sh" server.git \(format) &&
            cinch init shop --object-format \(format) && cd shop &&
            cinch ddl 'CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT) STRICT' &&
            cinch remote add origin ../server.git && cinch push -u
            """)
    }

    private mutating func onServer(_ revision: String) throws -> String {
        try told("git --git-dir=../server.git rev-parse --verify \(revision)").output
    }

    private let git = "git --git-dir=.cinch/databases/shop/schema.git"

    @Test(arguments: ["sha256", "sha1"])
    mutating func aDroppedColumnNeedsApproval(_ format: String) throws {
        try makeServer(format)
        let before = try onServer("main")
        try told("cinch column delete users email")
        let refused = try told("cinch push", status: 1)
        #expect(refused.error.contains("column users.email is dropped"))
        #expect(refused.error.contains("[drop-column]"))
        #expect(refused.error.contains("remote: refused 'main'"))
        #expect(refused.error.contains("\nerror: 'origin' did not take 'main'"))
        #expect(try onServer("main") == before)
        // What was refused is not left behind, either.
        #expect(
            try told(
                "git --git-dir=../server.git cat-file -t $(\(git) rev-parse main) 2>&1", status: 128
            )
            .output.contains("could not get object info"))
        try told("cinch waive drop-column users.email --reason 'moved to contacts'")
        let taken = try told("cinch push")
        #expect(taken.error.contains("moved to contacts"))
        let tip = try told("\(git) rev-parse main").output
        #expect(try onServer("main") == tip)
        // The approval was for that column only.
        try told("cinch column add users phone:str? && cinch push")
        try told("cinch column delete users phone && cinch push", status: 1)
    }

    @Test mutating func aTrailerInAnyCommitApproves() throws {
        try makeServer()
        try told(
            """
            cinch column delete users email -m "Drop email

            Cinch-Waive: drop-column users.email: nobody reads it" && cinch push
            """)
    }

    @Test mutating func theDeployBranchIsNeitherDeletedNorRewritten() throws {
        try makeServer()
        let before = try onServer("main")
        #expect(
            try told("\(git) push origin :main", status: 1).error.contains("tenants follow this"))
        try told("cinch table create more x:int")
        try told("cinch push && \(git) push --force origin main~1:main", status: 1)
        try told(
            "\(git) push --force origin $(\(git) commit-tree main^{tree} -m new):main", status: 1)
        #expect(try onServer("main~1") == before)
    }

    @Test mutating func aTagNamedLikeTheDeployBranchChangesNothing() throws {
        try makeServer()
        try told(
            "cinch table create more x:int && cinch push && \(git) push origin main:refs/tags/main")
        let before = try onServer("refs/heads/main")
        let refused = try told("\(git) push --force origin main~1:refs/heads/main", status: 1)
        #expect(refused.error.contains("it is not rewritten"))
        #expect(
            try told("\(git) push origin :refs/heads/main", status: 1).error.contains(
                "tenants follow this"))
        #expect(try onServer("refs/heads/main") == before)
    }

    @Test mutating func aCommitThatHoldsNoSchemaIsRefusedEvenWhenALaterOneMendsIt() throws {
        try makeServer()
        let refused = try told(
            """
            git clone -q ../server.git ../work && cd ../work &&
            git config user.name a && git config user.email a@example.com &&
            echo 'nonsense(' >tables/users.sql && git commit -qam broken &&
            git checkout -q HEAD~1 -- . && git commit -qm mended && git push -q origin HEAD:main
            """, status: 1)
        #expect(refused.error.contains("expected CREATE but found 'nonsense'"))
        #expect(refused.error.contains("remote: refused 'main'"))
        try told(
            "cd ../work && git reset -q --soft origin/main && git commit -q --allow-empty -m x")
        try told("cd ../work && git push -q origin HEAD:main")
    }

    @Test mutating func otherBranchesAreComparedWithTheDeployBranch() throws {
        try makeServer()
        try told("cinch branch create feature --switch && cinch column delete users email")
        #expect(try told("cinch push", status: 1).error.contains("[drop-column]"))
        #expect(try told("git --git-dir=../server.git branch --list feature").output.isEmpty)
        try told("git --git-dir=../server.git config cinch.gateBranches 'main release'")
        try told("cinch push && cinch push origin main && \(git) push origin :feature")
        // Rewritten, it is what merging it would bring, not what it was.
        try told("git --git-dir=../server.git config --unset cinch.gateBranches")
        try told("cinch undo && cinch table create more x:int && cinch push")
        try told("cinch undo && cinch table create other x:int && cinch push --force-with-lease")
        try told("cinch tag v1 && cinch push --tags")
    }

    @Test mutating func withoutCinchTheServerTakesNothing() throws {
        try makeServer()
        try told("cinch table create more x:int")
        try told("git --git-dir=../server.git config cinch.program nonsense")
        #expect(
            try told("cinch push", status: 1).error.contains(
                "cinch is not installed on this server"))
    }

    @Test mutating func aMergeIsStoppedHereTheSameWay() throws {
        try makeServer()
        try told("cinch hooks install pre-merge-gate pre-merge-approval")
        try told("cinch branch create feature --switch && cinch column delete users email")
        try told("cinch branch switch main && cinch branch create other")
        let refused = try told("cinch merge feature", status: 1)
        #expect(refused.error.contains("[drop-column]"))
        #expect(refused.error.contains("error: The hook 'pre-merge.d/pre-merge-approval' ended"))
        #expect(try told("cinch column list users").output.contains("email"))
        // A branch nobody follows is not guarded.
        try told("cinch branch switch other && cinch merge feature && cinch branch switch feature")
        try told("cinch waive drop-column users.email --reason 'gone' && cinch branch switch main")
        try told("cinch merge feature")
        #expect(try told("cinch column list users").output.contains("email") == false)
    }

    @Test mutating func aSquashTakesWhatWasApprovedWithIt() throws {
        try makeServer()
        try told("cinch hooks install pre-merge-approval")
        try told("cinch branch create feature --switch && cinch column delete users email")
        try told("cinch waive drop-column users.email --reason 'gone: really'")
        try told("cinch branch switch main")
        try told("cinch merge feature --squash && cinch push")
        #expect(
            try told("\(git) log -1 --format='%s|%(trailers:only,separator=;)'").output
                == "Squash branch 'feature'|Cinch-Waive: drop-column users.email: gone: really")
    }

    @Test mutating func aRebaseKeepsWhatWasApproved() throws {
        try makeServer()
        try told("cinch branch create feature --switch && cinch column delete users email")
        try told("cinch waive drop-column users.email --reason 'gone' && cinch branch switch main")
        try told("cinch table create more x:int && cinch push && cinch branch switch feature")
        try told("cinch rebase main && cinch push")
        #expect(
            try told("\(git) log -3 --format=%s").output
                == "Waive drop-column of users.email\nDrop column users.email\nCreate table more")
    }

    // MARK: CI

    /// The commands of a job: what stands after `run:`, or in the list under `script:`.
    private static func commands(_ file: String) throws -> [String] {
        let text = try String(contentsOfFile: "\(hooks)/ci/\(file)", encoding: .utf8)
        var commands: [String] = []
        var isScript = false
        for line in text.split(separator: "\n") {
            let word = line.trimmingCharacters(in: .whitespaces)
            if word.hasPrefix("run: ") { commands.append(String(word.dropFirst(5))) }
            if isScript, word.hasPrefix("- ") { commands.append(String(word.dropFirst(2))) }
            isScript = word == "script:" || isScript && word.hasPrefix("- ")
        }
        return commands
    }

    /// A checkout on the commit of a branch that drops a column, as a runner makes it.
    private mutating func makeCheckout() throws {
        try told(
            """
            git init -q --bare -b main --object-format=sha1 server.git &&
            cinch init shop --object-format sha1 && cd shop &&
            cinch ddl 'CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT) STRICT' &&
            cinch remote add origin ../server.git && cinch push &&
            cinch branch create good --switch && cinch column add users name:str? &&
            cinch push && cinch branch switch main &&
            cinch branch create bad --switch && cinch column delete users email && cinch push &&
            cd .. && git clone -q server.git checkout && cd checkout &&
            mkdir ci && cp "\(Self.hooks)/ci/check.sh" ci/ && export before=$(git rev-parse main)
            """)
    }

    @Test mutating func theJobForGitHubFindsWhatAPullRequestAndAPushBring() throws {
        let commands = try Self.commands("github-actions.yml")
        // The second push to a pull request has a 'before' that already holds what came first.
        let file = try String(
            contentsOfFile: "\(Self.hooks)/ci/github-actions.yml", encoding: .utf8)
        #expect(file.contains("CINCH_BASE: ${{ github.event_name == 'push' &&"))
        #expect(commands == ["sh ci/check.sh"])
        try makeCheckout()
        let job = commands.joined(separator: "\n")
        for (branch, status) in [("bad", Int32(1)), ("good", 0)] {
            try told("git checkout -q --detach origin/\(branch)")
            let pull = try told(
                """
                export GITHUB_ACTIONS=true GITHUB_BASE_REF=main GITHUB_SHA=$(git rev-parse HEAD)
                export CINCH_BASE=
                \(job)
                """, status: status)
            let push = try told(
                """
                export GITHUB_ACTIONS=true GITHUB_SHA=$(git rev-parse HEAD)
                export CINCH_BASE=$(git rev-parse origin/main)
                \(job)
                """, status: status)
            #expect(pull.output == push.output)
            #expect(pull.output.contains("::error") == (branch == "bad"), "\(pull.output)")
            let sarif = try JSONSerialization.jsonObject(
                with: Data(told("cat cinch.sarif").output.utf8))
            let runs = try #require((sarif as? [String: Any])?["runs"] as? [[String: Any]])
            let rules = (runs.first?["results"] as? [[String: Any]] ?? []).compactMap {
                $0["ruleId"] as? String
            }
            #expect(rules.contains("drop-column") == (branch == "bad"))
        }
    }

    @Test mutating func theJobForGitLabFindsWhatAMergeRequestAndAPushBring() throws {
        let commands = try Self.commands("gitlab-ci.yml")
        #expect(commands == ["sh ci/check.sh"])
        try makeCheckout()
        let job = commands.joined(separator: "\n")
        for (branch, status) in [("bad", Int32(1)), ("good", 0)] {
            try told("git checkout -q --detach origin/\(branch)")
            let request = try told(
                """
                export GITLAB_CI=true CI_COMMIT_SHA=$(git rev-parse HEAD)
                export CI_MERGE_REQUEST_DIFF_BASE_SHA=$(git rev-parse origin/main)
                export CI_COMMIT_BEFORE_SHA=0000000000000000000000000000000000000000
                \(job)
                """, status: status)
            #expect(request.output.contains("[drop-column]") == (branch == "bad"))
            let junit = try told("cat cinch-junit.xml").output
            #expect(junit.contains("<testsuite"))
            #expect(junit.contains("<failure") == (branch == "bad"), "\(junit)")
            // A new branch: nothing before it.
            try told(
                """
                export GITLAB_CI=true CI_COMMIT_SHA=$(git rev-parse HEAD) CI_DEFAULT_BRANCH=main
                export CI_COMMIT_BEFORE_SHA=0000000000000000000000000000000000000000
                \(job)
                """, status: status)
        }
    }

    @Test mutating func theScriptSaysWhatIsMissing() throws {
        try makeCheckout()
        try told("git checkout -q --detach origin/bad && sh ci/check.sh", status: 1)
        try told("sh ci/check.sh origin/main origin/good")
        try told("sh ci/check.sh nothing", status: 64)
        #expect(
            try told("git clone -q --depth 1 \"file://$HOME/server.git\" ../shallow; cd ../shallow")
                .error.isEmpty)
        #expect(
            try told("sh ../checkout/ci/check.sh", status: 64).error.contains(
                "The clone is shallow"))
        let tools = "mkdir -p ~/tools && for t in git sh; do ln -sf $(command -v $t) ~/tools/; done"
        #expect(
            try told("\(tools); PATH=~/tools sh ../checkout/ci/check.sh", status: 64).error
                .contains(
                    "'cinch' is not installed"))
    }
}
