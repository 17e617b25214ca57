import Cinch

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Files of source code below a folder.
enum SourceFiles {
    /// Folders of what others wrote or a build made.
    private static let foreign: Set<String> = [
        "node_modules", "vendor", "build", "dist", "target", "__pycache__", "venv", "site-packages",
    ]
    /// What is larger was not written by hand.
    private static let sizeLimit = 4 << 20

    /// Every file in a folder and those below it, in order; hidden ones, links and what others wrote
    /// are left out. A path that is a file is that file.
    ///
    /// - Throws: `CinchError` for a path that can't be read.
    static func all(in path: String) throws -> [String] {
        guard TextFile.isFolder(path) else {
            _ = try TextFile.read(path)
            return [path]
        }
        return try TextFile.names(in: path).flatMap { name -> [String] in
            let inner = path == "." ? name : "\(path)/\(name)"
            var status = stat()
            guard lstat(inner, &status) == 0 else { return [] }
            switch status.st_mode & S_IFMT {
            case S_IFDIR: return foreign.contains(name) ? [] : try all(in: inner)
            case S_IFREG: return status.st_size <= sizeLimit ? [inner] : []
            default: return []
            }
        }
    }

    /// A path without a slash at its end and `./` at its beginning.
    static func plain(_ path: String) -> String {
        var path = path
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        while path.hasPrefix("./"), path.count > 2 { path.removeFirst(2) }
        return path.isEmpty ? "." : path
    }

    /// What is behind the last period of a path; empty where there is none.
    static func ending(_ path: String) -> String {
        let name = path.split(separator: "/").last ?? ""
        return name.lastIndex(of: ".").map { String(name[name.index(after: $0)...]) } ?? ""
    }
}
