import ArgumentParser
import Cinch
import CinchGit

struct CountObjectsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "count-objects",
        abstract: "Count objects and what they take on disk, as git does.")

    @Flag(name: .shortAndLong, help: "Also count packs, what is in them, and garbage.")
    var verbose = false
    @Flag(name: [.customShort("H"), .long], help: "Sizes for people.") var humanReadable = false
    @OptionGroup var options: ReadingOptions

    func run() throws {
        let count = try Session.database().countObjects()
        if options.json {
            Console.print(json: [
                .init("count", .integer(Int64(count.loose))),
                .init("size", .integer(Int64(count.looseBytes))),
                .init("in_pack", .integer(Int64(count.packed))),
                .init("packs", .integer(Int64(count.packs))),
                .init("size_pack", .integer(Int64(count.packBytes))),
                .init("prune_packable", .integer(Int64(count.prunable))),
                .init("garbage", .array(count.garbage.map { .string($0) })),
                .init("size_garbage", .integer(Int64(count.garbageBytes))),
                .init("alternates", .array(count.alternates.map { .string($0) })),
            ])
            return
        }
        guard verbose else {
            let size =
                humanReadable ? size(count.looseBytes) : "\(count.looseBytes / 1024) kilobytes"
            Console.print("\(count.loose) objects, \(size)")
            return
        }
        for path in count.garbage {
            Console.note("warning: garbage found: \(TerminalSafe.text(path))")
        }
        Console.print("count: \(count.loose)")
        Console.print("size: \(size(count.looseBytes))")
        Console.print("in-pack: \(count.packed)")
        Console.print("packs: \(count.packs)")
        Console.print("size-pack: \(size(count.packBytes))")
        Console.print("prune-packable: \(count.prunable)")
        Console.print("garbage: \(count.garbage.count)")
        Console.print("size-garbage: \(size(count.garbageBytes))")
        for path in count.alternates { Console.print("alternate: \(TerminalSafe.text(path))") }
    }

    private func size(_ bytes: Int) -> String {
        humanReadable ? SizeText.human(bytes) : "\(bytes / 1024)"
    }
}
