extension CinchDatabase {
    /// Writes history into one file, to be carried by hand.
    ///
    /// - Parameters:
    ///   - file: Replaced if it is there.
    ///   - revisions: What goes in, as `git rev-list` reads it: `main`, `v1..main`, `^v1`; empty
    ///     for all branches and tags.
    /// - Returns: The file's path.
    package func createBundle(_ file: String, _ revisions: [String]) throws -> String {
        let path = try Self.bundlePath(file, in: context)
        for revision in revisions where revision.hasPrefix("-") || revision.isEmpty {
            throw CinchError(
                code: .usage, message: "'\(TerminalText.escaped(revision))' is no revision",
                hint: "Name branches, tags or ranges such as v1..main.")
        }
        let words = revisions.isEmpty ? ["HEAD", "--branches", "--tags"] : revisions
        try gitProgram.demand(
            ["bundle", "create", "--quiet", path] + words, "The bundle '\(path)' can't be made",
            hint: "A range must end in a branch or tag, and have commits; see what git said above.")
        return path
    }

    /// Takes the history out of a bundle: its branches become `bundle/NAME`, tags are tags.
    ///
    /// - Returns: What has moved.
    /// - Throws: `.failed` for a file that is no whole bundle, or begins at commits that are not
    ///   here; nothing has moved then.
    package func unbundle(_ file: String) throws -> [RemoteMove] {
        let path = try Self.bundlePath(file, in: context)
        try gitProgram.demand(
            ["bundle", "verify", "--quiet", path], "The bundle '\(path)' can't be used",
            hint: "See what git said above; it may lack commits that it builds on.")
        // Git takes a file that was cut off in its list of branches for one without any.
        guard try !gitProgram.run(["bundle", "list-heads", path]).output.isEmpty else {
            throw CinchError(
                code: .failed, message: "The bundle '\(path)' holds no branch and no tag",
                hint: "It was cut off, perhaps; carry it over once more.")
        }
        return try watching {
            try gitProgram.demand(
                [
                    "-c", "fetch.fsckObjects=true", "fetch", "--quiet", "--", path,
                    "+refs/heads/*:refs/remotes/bundle/*", "refs/tags/*:refs/tags/*",
                ], "Not everything in '\(path)' could be taken",
                hint: "See what git said above; a tag of that name may be another one here.")
        }
    }

    private static func bundlePath(_ file: String, in context: Context) throws -> String {
        guard !file.isEmpty, !file.hasPrefix("-") else {
            throw CinchError(
                code: .usage, message: "'\(TerminalText.escaped(file))' is no file for a bundle",
                hint: "Name a file, such as shop.bundle.")
        }
        return context.resolved(file)
    }
}
