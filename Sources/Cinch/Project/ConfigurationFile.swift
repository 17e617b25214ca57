/// `config.toml` on disk, read whole and replaced whole.
public struct ConfigurationFile: Sendable {
    private let file: DurableFile

    /// The file's path.
    public var path: String { file.path }

    /// The file at a path, which may not exist yet.
    public init(path: String) {
        file = DurableFile(path: path)
    }

    /// The file at a path, waiting at most `patience` milliseconds for another writer.
    package init(path: String, patience: Int) {
        file = DurableFile(path: path, patience: patience)
    }

    /// Reads the configuration; a file that does not exist is an empty one.
    ///
    /// - Throws: `CinchError` with `.invalid` for content cinch can't read, `.failed` if the
    ///   file can't be read.
    public func read() throws -> ProjectConfiguration {
        try configuration(in: file.read())
    }

    private func configuration(in bytes: [UInt8]?) throws -> ProjectConfiguration {
        guard let bytes else { return ProjectConfiguration() }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw CinchError(
                code: .invalid, message: "'\(path)' is not UTF-8 text",
                hint: "Save it as UTF-8.")
        }
        return try ProjectConfiguration(parsing: text, file: path)
    }

    /// Changes the configuration; on disk for good when it returns, unchanged when it throws.
    ///
    /// - Throws: What ``read()`` throws, what `change` throws, `.busy` if another process keeps
    ///   the lock, `.failed` if the disk refuses.
    public func update<Result>(
        _ change: (inout ProjectConfiguration) throws -> Result
    ) throws -> Result {
        var result: Result?
        try file.update { bytes in
            var configuration = try configuration(in: bytes)
            result = try change(&configuration)
            return Array(configuration.text.utf8)
        }
        guard let result else { preconditionFailure("an update that returns has changed") }
        return result
    }
}
