/// The object folders a repository borrows from, `objects/info/alternates`, as
/// `git clone --shared` writes it. gitrepository-layout(5).
enum Alternates {
    // As deep as git follows them.
    private static let depth = 5

    /// Every folder reached from `start`, nearest first, `start` left out. Folders that are gone
    /// are left out as git leaves them out: their objects turn up missing.
    static func folders(from start: String) throws -> [String] {
        var found: [String] = []
        var level = [start]
        for _ in 0..<depth {
            var next: [String] = []
            for folder in level {
                for path in try paths(in: folder) where path != start && !found.contains(path) {
                    guard try FileSystem.kind(of: path) == .directory else { continue }
                    found.append(path)
                    next.append(path)
                }
            }
            level = next
        }
        return found
    }

    private static func paths(in folder: String) throws -> [String] {
        let file = "\(folder)/info/alternates"
        guard let bytes = try FileSystem.readFile(file) else { return [] }
        return try bytes.split(separator: UInt8(ascii: "\n")).compactMap { line in
            guard let text = String(validating: line, as: UTF8.self), !text.hasPrefix("\"") else {
                throw GitError(
                    .unsupported, "'\(file)' holds a quoted path, which can't be followed",
                    hint: "Run 'git repack -a -d' and remove the file.")
            }
            if text.hasPrefix("#") { return nil }
            let path = text.hasPrefix("/") ? text : "\(folder)/\(text)"
            return path.hasSuffix("/") ? String(path.dropLast()) : path
        }
    }
}
