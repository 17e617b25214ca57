#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The `hooks` folder of a repository.
///
/// A hook is the executable of its name, `hooks/pre-merge`, and then every executable in
/// `hooks/pre-merge.d`, by name: what is shipped goes there, so that several can be had.
package struct HookFolder: Sendable {
    /// The folder, absolute.
    package let path: String

    /// The folder of a repository.
    init(repository: String) { path = "\(repository)/hooks" }

    /// What is run for a hook, in order, as paths under the folder.
    ///
    /// A hook that nobody has costs two system calls.
    ///
    /// - Parameter onIgnored: Called with each file that would be run, were it executable.
    package func programs(
        of hook: Hook, onIgnored: (String) -> Void = { _ in }
    ) -> [String] {
        let folder = "\(hook.rawValue).d"
        let several = Self.names(in: "\(path)/\(folder)").map { "\(folder)/\($0)" }
        return ([hook.rawValue] + several).filter { name in
            let file = "\(path)/\(name)"
            var status = stat()
            guard stat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
                return false
            }
            if access(file, X_OK) == 0 { return true }
            onIgnored(name)
            return false
        }
    }

    /// The names in a folder, sorted, those git leaves lying about left out.
    private static func names(in path: String) -> [String] {
        guard let folder = opendir(path) else { return [] }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { name in
                name.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            let isLeftOver = name.hasPrefix(".") || name.hasSuffix("~") || name.hasSuffix(".sample")
            if !isLeftOver { names.append(name) }
        }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
}
