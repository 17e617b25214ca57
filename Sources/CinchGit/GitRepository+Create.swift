extension GitRepository {
    /// Makes a bare repository, laid out as `git init --bare` does, with reflogs switched on.
    ///
    /// It is made beside `path` and renamed into place, so that half of one is never at `path`.
    ///
    /// - Parameter initialBranch: The branch HEAD is on; it doesn't exist until the first commit.
    /// - Throws: `.alreadyExists` unless `path` is free or an empty folder, `.invalidName` for the
    ///   branch, `.io` when the folder above is missing.
    package static func create(
        at path: String, format: ObjectFormat = .sha256, initialBranch: String = "main"
    ) throws -> GitRepository {
        let head = try ReferenceName.branch(initialBranch)
        let taken = GitError(
            .alreadyExists, "'\(path)' exists already", hint: "Choose another folder, or open it.")
        switch try FileSystem.kind(of: path) {
        case nil: break
        case .directory:
            guard try FileSystem.names(in: path)?.isEmpty ?? true else { throw taken }
        case .file, .other: throw taken
        }
        let temporary = "\(path).tmp-\(FileSystem.randomSuffix())"
        do {
            try lay(out: temporary, head, format)
            try FileSystem.rename(temporary, to: path)
        } catch {
            remove(temporary)
            // Another process made one in the meantime.
            if try FileSystem.kind(of: "\(path)/HEAD") != nil { throw taken }
            throw error
        }
        try FileSystem.syncDirectory(FileSystem.parent(of: path))
        return try open(at: path)
    }

    private static let folders = [
        "", "branches", "hooks", "info", "objects", "objects/info", "objects/pack", "refs",
        "refs/heads", "refs/tags",
    ]

    private static func lay(
        out path: String, _ head: ReferenceName, _ format: ObjectFormat
    ) throws {
        var configuration = """
            [core]
            \trepositoryformatversion = \(format == .sha1 ? 0 : 1)
            \tfilemode = true
            \tbare = true
            \tlogAllRefUpdates = true

            """
        if format != .sha1 { configuration += "[extensions]\n\tobjectformat = \(format)\n" }
        let files = [
            "description":
                "Unnamed repository; edit this file 'description' to name the repository.\n",
            "info/exclude": "# git ls-files --others --exclude-from=.git/info/exclude\n",
            "config": configuration,
            "HEAD": "ref: \(head)\n",
        ]
        for folder in folders { try FileSystem.makeDirectory("\(path)/\(folder)") }
        for (name, text) in files.sorted(by: { $0.key < $1.key }) {
            guard try FileSystem.create("\(path)/\(name)", Array(text.utf8)) else {
                throw GitError(
                    .alreadyExists, "'\(path)/\(name)' exists already", hint: "Try again.")
            }
        }
        for folder in folders { try FileSystem.syncDirectory("\(path)/\(folder)") }
    }

    // Clears away what was laid out; what can't be removed stays.
    private static func remove(_ path: String) {
        for name in ["description", "info/exclude", "config", "HEAD"] {
            _ = try? FileSystem.removeFile("\(path)/\(name)")
        }
        for folder in folders.reversed() { FileSystem.removeEmptyDirectory("\(path)/\(folder)") }
    }
}
