import Synchronization

/// One `objects` folder: its loose objects and its packs, which are listed when first needed.
final class ObjectFolder: Sendable {
    let path: String
    let loose: LooseObjectStore
    private let format: ObjectFormat
    private let listing = Mutex(Listing())

    private struct Listing {
        var isLoaded = false
        var packs: [Pack] = []
        var failures: [String: GitError] = [:]
    }

    init(path: String, format: ObjectFormat) {
        self.path = path
        self.format = format
        loose = LooseObjectStore(folder: path, format: format)
    }

    /// The packs, as last listed.
    func packs() throws -> [Pack] {
        try listing.withLock { listing in
            if !listing.isLoaded { try reload(&listing) }
            return listing.packs
        }
    }

    /// The packs if they have been listed; nil before that.
    func listedPacks() -> [Pack]? { listing.withLock { $0.isLoaded ? $0.packs : nil } }

    /// Lists the packs again, since `git gc` may have replaced them.
    func rescan() throws {
        try listing.withLock { try reload(&$0) }
    }

    /// What was wrong with the packs that can't be used, in name order.
    func failures() -> [GitError] {
        listing.withLock { $0.failures.sorted { $0.key < $1.key }.map(\.value) }
    }

    private func reload(_ listing: inout Listing) throws {
        let names = try FileSystem.names(in: "\(path)/pack") ?? []
        let bases = names.filter { $0.hasPrefix("pack-") && $0.hasSuffix(".idx") }
            .map { "\(path)/pack/\($0.dropLast(4))" }
            .sorted()
        let known = Dictionary(uniqueKeysWithValues: listing.packs.map { ($0.path, $0) })
        listing.packs = []
        listing.failures = [:]
        for base in bases {
            if let pack = known[base] {
                listing.packs.append(pack)
                continue
            }
            do {
                if let pack = try Pack(path: base, format: format) { listing.packs.append(pack) }
            } catch let error as ObjectFormatError {
                // The other packs may still have what is asked for.
                listing.failures[base] = GitError(
                    .corrupt, "The pack '\(base).pack' can't be used: \(error.reason)",
                    hint: "Run 'git fsck', then 'git index-pack' on the pack or fetch it again.")
            } catch let error as GitError {
                listing.failures[base] = error
            }
        }
        listing.isLoaded = true
    }
}
