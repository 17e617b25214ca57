import Foundation
import Testing

/// A project `shop` whose history is on a plain bare repository, `server.git`.
@Suite("Remotes")
struct RemoteTests {
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

    private mutating func makeShop(_ format: String = "sha256") throws {
        try told(
            """
            git init -q --bare -b main --object-format=\(format) server.git &&
            cinch init shop --object-format \(format) && cd shop &&
            cinch table create users email:str && cinch remote add origin ../server.git
            """)
    }

    @Test(arguments: ["sha256", "sha1"])
    mutating func whatIsPushedIsClonedAndComesBack(_ format: String) throws {
        try makeShop(format)
        try told("cinch branch create feature && cinch tag v1 && cinch push -u --tags")
        try told("cinch push origin feature")
        let server = "git --git-dir=../server.git"
        #expect(
            try told("\(server) for-each-ref --format='%(refname)'").output
                == "refs/heads/feature\nrefs/heads/main\nrefs/tags/v1")
        try told("cd .. && cinch clone server.git copy && cd copy")
        #expect(try told("cinch branch list").output == "* main")
        #expect(try told("cinch query 'SELECT count(*) FROM users'").output.contains("0"))
        #expect(try told("cinch tag").output == "v1")
        let repository = ".cinch/databases/copy/schema.git"
        #expect(
            try told("git --git-dir=\(repository) for-each-ref --format='%(refname)' refs/remotes")
                .output
                == "refs/remotes/origin/HEAD\nrefs/remotes/origin/feature\nrefs/remotes/origin/main"
        )
        try told("git --git-dir=\(repository) fsck --strict --no-dangling")
        #expect(
            try told("git --git-dir=\(repository) rev-parse --is-bare-repository").output == "true")
        // Both sides go on, and the schemas are merged, columns of one table too.
        try told("cinch column add users name:str? && cinch push")
        try told("cd ../shop && cinch column add users age:int? && cinch push", status: 1)
        try told("cinch pull")
        #expect(
            try told("cinch column list users").output.split(separator: "\n").filter {
                $0.hasPrefix("name") || $0.hasPrefix("age")
            }.count == 2)
        try told("cinch query 'SELECT name, age FROM users'")
        #expect(
            try told("cinch log -n 1 --oneline").output.hasSuffix(
                "Merge remote-tracking branch 'origin/main'"))
        try told("cinch push")
        #expect(try told("cd ../copy && cinch pull").error.contains("Fast-forward"))
        try told("cinch query 'SELECT name, age FROM users'")
        #expect(try told("cinch pull").output == "Already up to date")
    }

    @Test mutating func aPushThatIsBehindIsRefusedAndSaysWhatToDo() throws {
        try makeShop()
        try told("cinch push -u && cd .. && cinch clone server.git other && cd other")
        try told("cinch table create theirs x:int && cinch push && cd ../shop")
        try told("cinch table create ours x:int")
        let refused = try told("cinch push", status: 1)
        #expect(refused.output.isEmpty)
        #expect(refused.error.contains("it has commits that are not here\nhint: Run 'cinch pull "))
        // What was fetched last is not what is there.
        let stale = try told("cinch push --force-with-lease", status: 1)
        #expect(stale.error.contains("it has moved since it was fetched last"))
        #expect(try told("cinch fetch").output.hasPrefix("origin/main "))
        #expect(try told("cinch fetch").output == "Nothing new in 'origin'")
        try told("cinch push --force-with-lease")
        #expect(try told("git --git-dir=../server.git log -1 --format=%s").output.contains("ours"))
    }

    @Test mutating func conflictsOfAPullAreKept() throws {
        try makeShop()
        try told("cinch push -u && cd .. && cinch clone server.git other && cd other")
        try told("cinch column rename users email mail && cinch push && cd ../shop")
        try told("cinch column rename users email address")
        #expect(try told("cinch pull", status: 3).output.contains("rename-rename"))
        try told("cinch pull", status: 3)
        try told("cinch resolve 'users.address.name' --theirs")
        try told("cinch pull", status: 4)
        try told("cinch merge --continue")
        #expect(try told("cinch column list users").output.contains("mail"))
        try told("cinch push")
    }

    @Test mutating func whatTheServersHookSaysIsShown() throws {
        try makeShop()
        try told(
            """
            printf '#!/bin/sh\\necho no such thing here >&2\\nexit 1\\n' >../server.git/hooks/pre-receive
            chmod +x ../server.git/hooks/pre-receive
            """)
        let refused = try told("cinch push", status: 1)
        #expect(refused.error.contains("remote: no such thing here"))
        #expect(
            refused.error.contains(
                "error: 'origin' did not take 'main': [remote rejected]"
                    + " (pre-receive hook declined)\nhint: See what the server said above"))
        #expect(try told("git --git-dir=../server.git for-each-ref").output.isEmpty)
    }

    @Test mutating func sshIsGits() throws {
        try makeShop()
        // What ssh would run over there is run here.
        try told(
            """
            cat >../ssh <<'END' && chmod +x ../ssh
            #!/bin/sh
            [ "$1" = -G ] && exit 1
            while [ "$1" != host ]; do shift; done
            shift; echo "$*" >>"$HOME/ssh.log"; exec sh -c "$*"
            END
            export GIT_SSH_COMMAND="$HOME/ssh"
            cinch remote add far "ssh://host$HOME/server.git" && cinch push far &&
            cinch remote add short "host:server.git" && cd .. && cinch -C shop fetch short &&
            cinch clone "ssh://host$HOME/server.git" copy && cd copy && cinch table list
            """)
        let log = try told("cat ~/ssh.log").output
        #expect(log.contains("git-receive-pack") && log.contains("git-upload-pack"))
    }

    @Test mutating func aCloneThatFailsLeavesNothing() throws {
        try makeShop()
        try told(
            """
            cd .. && git init -q code && cd code && echo hello >README && git add . &&
            git commit -qm code && cd ..
            """)
        let before = try told("ls -A").output
        #expect(try told("cinch clone code copy", status: 1).error.contains("holds no schema"))
        #expect(
            try told("cinch clone server.git copy", status: 1).error.contains("no branch to start"))
        #expect(try told("cinch clone nowhere copy", status: 1).error.contains("\nerror: "))
        try told("cinch clone code copy/deeper", status: 1)
        #expect(try told("ls -A").output == before)
        #expect(try told("cinch clone shop code", status: 1).error.contains("not an empty folder"))
        #expect(try told("ls -A code").output == ".git\nREADME")
        // A file that says nothing of a schema where one must.
        try told(
            """
            cd code && mkdir tables && echo 'CREATE TABLE' >tables/a.sql && git add . &&
            git commit -qm broken && cd ..
            """)
        try told("cinch clone code copy", status: 1)
        #expect(try told("ls -A").output == before)
    }

    @Test mutating func aCloneGoesWhereItIsTold() throws {
        try makeShop()
        try told("cinch push && cd .. && mkdir here && cd here && cinch clone ../server.git .")
        #expect(try told("cinch db list").output.contains("here"))
        try told("mkdir ../in && cd ../in && cinch clone ../shop && cd shop && cinch fetch")
    }

    @Test mutating func theDefaultBranchIsTheOneTenantsFollow() throws {
        try told(
            """
            cinch init shop && cd shop && cinch table create users email:str &&
            cinch branch create trunk && cinch branch create later --switch &&
            cinch table create more x:int && git init -q --bare -b trunk \
                --object-format=sha256 ../server.git &&
            cinch remote add origin ../server.git && cinch push origin trunk && cinch push origin later
            """)
        try told("cd .. && cinch clone server.git copy --database store && cd copy")
        #expect(try told("cinch status").output.contains("On branch trunk of database store"))
        try told("cinch merge origin/later && cinch query 'SELECT x FROM more'")
        #expect(try told("cinch tenant status").output.contains("current"))
    }

    @Test mutating func aBundleCarriesHistory() throws {
        try makeShop()
        try told("cinch tag v1 && cinch bundle create ../all.bundle")
        try told("cd .. && cinch clone all.bundle copy && cd copy && cinch table create more x:int")
        try told("cinch bundle create ../new.bundle v1..main && cd ../shop")
        #expect(try told("cinch bundle unbundle ../new.bundle").output.hasPrefix("bundle/main "))
        try told("cinch merge bundle/main && cinch query 'SELECT x FROM more'")
        #expect(try told("cinch bundle unbundle ../new.bundle").output == "Nothing new in it")
        // It builds on commits that are nowhere else.
        try told("cd .. && cinch init empty && cd empty")
        #expect(try told("cinch bundle unbundle ../new.bundle", status: 1).error.contains("lack"))
        for size in [20, 60, 100, 300] {
            try told(
                "head -c \(size) ../all.bundle >../part && cinch bundle unbundle ../part", status: 1
            )
        }
        try told("cinch bundle unbundle ../nothing", status: 1)
        try told("cinch bundle create -- -x", status: 64)
        try told("cinch bundle create ../x -- --all", status: 64)
        #expect(try told("cinch log --oneline").output.split(separator: "\n").count == 1)
    }

    @Test(arguments: [
        "ext::sh -c 'touch ~/pwned'", "-oProxyCommand=touch", "--upload-pack=touch ~/pwned",
        "ssh://-oProxyCommand=touch/x", "fd::7", "", "foo://x/y", "-host:path",
    ])
    mutating func anAddressThatWouldRunSomethingIsRefused(_ url: String) throws {
        try told("cinch init shop && cd shop")
        try told("cinch remote add evil -- \(quoted(url))", status: 1)
        try told("cinch clone -- \(quoted(url)) copy", status: 1)
        // Nor does git run one that was written down by hand.
        try told(
            "git --git-dir=.cinch/databases/shop/schema.git config remote.evil.url \(quoted(url))")
        try told("cinch fetch evil", status: 1)
        #expect(try told("ls ~").output == "shop")
    }

    private func quoted(_ text: String) -> String {
        "'" + text.replacingOccurrences(of: "'", with: "'\\''") + "'"
    }

    @Test mutating func aBranchThatIsGoneThereIsNotMerged() throws {
        try makeShop()
        try told("cinch push && cinch branch create it\\'s --switch && cinch push && cinch pull")
        try told("git --git-dir=../server.git branch -D it\\'s")
        let gone = try told("cinch pull", status: 5)
        #expect(gone.error.contains("'origin' has no branch 'it's'"))
        // What is remembered of it is in the way of another.
        try told("git --git-dir=../server.git branch it\\'s/more main")
        #expect(try told("cinch fetch", status: 1).error.contains("cinch fetch --prune"))
        #expect(
            try told("cinch fetch --prune").output.contains("origin/it's (gone)\norigin/it's/more ")
        )
    }

    @Test mutating func noPasswordIsShown() throws {
        try makeShop()
        let added = try told("cinch remote add other https://me:secret@example.com/x.git")
        let listed = try told("cinch remote list -v")
        #expect(added.output == "Added remote 'other' at https://me:***@example.com/x.git")
        #expect(listed.output.contains("other\thttps://me:***@example.com/x.git"))
        #expect(try !told("cinch remote list --json").output.contains("secret"))
    }

    @Test mutating func remotesAreNamedListedAndForgotten() throws {
        try makeShop()
        try told("cinch remote add origin /x", status: 1)
        for name in ["a b", "-x", "../x", "a..b", ".x", "x.lock", "a/b", "\"", ""] {
            try told("cinch remote add -- \(quoted(name)) /x", status: 1)
        }
        let root = terminal.rootPath
        #expect(try told("cinch remote list -v").output == "origin\t\(root)/server.git")
        let json = try told("cinch remote list --json").output
        #expect(json.contains(#""remotes":[{"name":"origin","url":""#))
        try told("cinch fetch nobody", status: 5)
        try told("cinch push nobody", status: 5)
        try told("cinch push origin nothing", status: 5)
        try told("cinch pull origin nothing", status: 5)
        try told("cinch push && cinch remote remove origin")
        #expect(
            try told("git --git-dir=.cinch/databases/shop/schema.git for-each-ref refs/remotes")
                .output.isEmpty)
        #expect(try told("cinch remote list").output.isEmpty)
        try told("cinch remote remove origin", status: 5)
        #expect(try told("cinch push", status: 5).error.contains("cinch remote add origin URL"))
    }

    @Test mutating func withoutGitTheHintSaysSo() throws {
        try makeShop()
        for command in ["fetch", "push", "pull", "remote list", "clone ../server.git ../copy"] {
            let answer = try told(
                "mkdir -p ~/none && cinch=$(command -v cinch) && PATH=~/none $cinch \(command)",
                status: 1)
            #expect(
                answer.error.contains("error: The program 'git' is not installed\nhint: Install"))
        }
        #expect(try told("ls ~").output == "none\nserver.git\nshop")
    }

    @Test mutating func theUpstreamIsWhatGitsSettingsSay() throws {
        try makeShop()
        try told("git init -q --bare -b main --object-format=sha256 ../second.git")
        try told("cinch remote add second ../second.git && cinch push -u second")
        let git = "git --git-dir=.cinch/databases/shop/schema.git"
        #expect(try told("\(git) config branch.main.remote").output == "second")
        try told("cinch table create more x:int && cinch push")
        #expect(try told("git --git-dir=../second.git log --format=%s -1").output.contains("more"))
        #expect(try told("git --git-dir=../server.git for-each-ref").output.isEmpty)
        try told("\(git) config branch.main.merge refs/heads/elsewhere && cinch push")
        #expect(
            try told("git --git-dir=../second.git for-each-ref --format='%(refname)'").output
                == "refs/heads/elsewhere\nrefs/heads/main")
    }
}
