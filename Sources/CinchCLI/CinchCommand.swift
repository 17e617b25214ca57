import ArgumentParser
import Cinch

/// `cinch`: every command reads its options, calls the SDK once and prints.
///
/// Commands state their names: ArgumentParser would otherwise ask the runtime for each one's,
/// which costs ten milliseconds at every start.
struct CinchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cinch",
        abstract: "Git for the schema of many SQLite files.",
        discussion: """
            Before the command, as with git: -C DIR works in another folder, which may be a bare
            repository; --no-pager prints without a pager; --color=always|never|auto says whether
            there is colour.
            """,
        version: Version.text,
        subcommands: [],
        groupedSubcommands: [
            CommandGroup(name: "Projects:", subcommands: [InitCommand.self, DatabaseCommand.self]),
            CommandGroup(
                name: "Schema:",
                subcommands: [
                    TableCommand.self, ColumnCommand.self, IndexCommand.self, ViewCommand.self,
                    TriggerCommand.self, DDLCommand.self, DataStepCommand.self, ApplyCommand.self,
                    ImportCommand.self,
                    SchemaCommand.self,
                ]),
            CommandGroup(
                name: "History:",
                subcommands: [
                    BranchCommand.self, MergeCommand.self, ConflictsCommand.self,
                    ResolveCommand.self, RevertCommand.self, CherryPickCommand.self,
                    RebaseCommand.self, MergeBaseCommand.self, UndoCommand.self,
                    LogCommand.self, ShowCommand.self, DiffCommand.self, BlameCommand.self,
                    BisectCommand.self, DescribeCommand.self, ShortlogCommand.self,
                    TagCommand.self, ReflogCommand.self, StatusCommand.self,
                    MergeDriverCommand.self, SiteCommand.self,
                ]),
            CommandGroup(
                name: "Gate:",
                subcommands: [CheckCommand.self, WaiveCommand.self, QueryCheckCommand.self]),
            CommandGroup(
                name: "Tenants:",
                subcommands: [
                    PlanCommand.self, RehearseCommand.self, MaterializeCommand.self,
                    RolloutCommand.self, DriftCommand.self, TenantCommand.self,
                    ParkedCommand.self, PurgeCommand.self, QueryCommand.self, DataCommand.self,
                ]),
            CommandGroup(
                name: "Remotes:",
                subcommands: [
                    RemoteCommand.self, CloneCommand.self, FetchCommand.self, PullCommand.self,
                    PushCommand.self, BundleCommand.self,
                ]),
            CommandGroup(
                name: "Maintenance:",
                subcommands: [
                    GarbageCommand.self, CheckRepositoryCommand.self, CountObjectsCommand.self,
                ]),
            CommandGroup(
                name: "Programs:",
                subcommands: [
                    HooksCommand.self, ServeCommand.self, KeyCommand.self, CodegenCommand.self,
                    CompletionsCommand.self,
                ]),
        ])
}

/// What `cinch --version` says.
enum Version {
    static let text = "cinch version \(CinchVersion.number)"
}
