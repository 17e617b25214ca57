import ArgumentParser
import Cinch

struct CompletionsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "completions", abstract: "Print what a shell needs to complete commands.",
        discussion: """
            bash: cinch completions bash > ~/.local/share/bash-completion/completions/cinch
            zsh: cinch completions zsh > a folder of $fpath, as _cinch
            fish: cinch completions fish > ~/.config/fish/completions/cinch.fish
            """)

    @Argument(help: "bash, zsh or fish.", completion: .list(["bash", "zsh", "fish"]))
    var shell: String

    func run() throws {
        guard let shell = CompletionShell(rawValue: shell) else {
            throw ValidationError("'\(shell)' is none of bash, zsh and fish")
        }
        Console.print(CinchCommand.completionScript(for: shell))
    }
}
