#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// Everything the outside world tells us: environment, current folder, who is running, what
/// time it is. Nothing else in the SDK asks the system for these.
public struct Context: Sendable {
    /// Who is running, as the system knows them.
    public struct Account: Hashable, Sendable {
        /// The full name, or the login name where there is none.
        public var name: String
        /// The login name.
        public var user: String
        /// The machine's name.
        public var host: String

        /// Makes an account.
        public init(name: String, user: String, host: String) {
            self.name = name
            self.user = user
            self.host = host
        }
    }

    /// The environment variables.
    public var environment: [String: String]
    /// The current folder, absolute.
    public var currentDirectory: String
    /// Asked for only when no name is configured: it may have to ask the network.
    public var account: @Sendable () -> Account
    /// The time now, with the local time zone's offset.
    public var now: @Sendable () -> Timestamp

    /// Makes a context, in tests with everything fixed.
    public init(
        environment: [String: String], currentDirectory: String,
        account: @escaping @Sendable () -> Account, now: @escaping @Sendable () -> Timestamp
    ) {
        self.environment = environment
        self.currentDirectory = currentDirectory
        self.account = account
        self.now = now
    }

    /// The context of this process.
    ///
    /// - Throws: `CinchError` with `.notFound` if the current folder is gone.
    public static func current() throws -> Context {
        guard let folder = getcwd(nil, 0) else {
            throw CinchError(
                code: .notFound, message: "The current folder does not exist any more",
                hint: "Change to another folder.")
        }
        defer { free(folder) }
        return Context(
            environment: processEnvironment, currentDirectory: String(cString: folder),
            account: systemAccount, now: systemTime)
    }

    /// The value of a variable; `nil` if it is not set or empty.
    func variable(_ name: String) -> String? {
        guard let value = environment[name], !value.isEmpty else { return nil }
        return value
    }

    /// The path made absolute against the current folder; not resolved further.
    package func absolute(_ path: String) -> String {
        path.hasPrefix("/") ? path : "\(currentDirectory)/\(path)"
    }

    /// The path made absolute, without links and `..` as far as it exists: all of it, or the
    /// folder it is in.
    func resolved(_ path: String) -> String {
        let path = ProjectLayout(root: absolute(path)).root
        if let whole = realpath(path, nil) {
            defer { free(whole) }
            return String(cString: whole)
        }
        let (parent, name) = ProjectLayout.split(path)
        guard let folder = realpath(parent, nil) else { return path }
        defer { free(folder) }
        return ProjectLayout.join(String(cString: folder), name)
    }

    private static var processEnvironment: [String: String] {
        var variables: [String: String] = [:]
        for name in variableNames {
            if let value = getenv(name) { variables[name] = String(cString: value) }
        }
        return variables
    }

    /// Every variable cinch looks at.
    private static let variableNames = [
        "CINCH_DIR", "CINCH_DATABASE", "CINCH_DATE", "CINCH_AUTHOR_NAME", "CINCH_AUTHOR_EMAIL",
        "CINCH_COMMITTER_NAME", "CINCH_COMMITTER_EMAIL", "GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL",
        "GIT_AUTHOR_DATE", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL", "GIT_COMMITTER_DATE",
        "GIT_QUARANTINE_PATH", "EMAIL", "HOME", "XDG_STATE_HOME", "TMPDIR", "NO_COLOR", "TERM",
        "PAGER", "GIT_PAGER", "CINCH_PAGER", "LESS", "LV", "EDITOR", "VISUAL",
    ]

    private static let systemAccount: @Sendable () -> Account = {
        var buffer = [CChar](repeating: 0, count: 16_384)
        var entry = passwd()
        var found: UnsafeMutablePointer<passwd>?
        var user = "unknown"
        var name = ""
        if getpwuid_r(getuid(), &entry, &buffer, buffer.count, &found) == 0, found != nil {
            if let login = entry.pw_name { user = String(cString: login) }
            if let full = entry.pw_gecos {
                name = String(String(cString: full).prefix { $0 != "," })
            }
        }
        var host = [CChar](repeating: 0, count: 256)
        let hasHost = gethostname(&host, host.count - 1) == 0
        let hostBytes = host.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        return Account(
            name: name.isEmpty ? user : name, user: user,
            host: hasHost && !hostBytes.isEmpty
                ? String(decoding: hostBytes, as: UTF8.self) : "localhost")
    }

    private static let systemTime: @Sendable () -> Timestamp = {
        var seconds = time(nil)
        var local = tm()
        localtime_r(&seconds, &local)
        return Timestamp(seconds: Int64(seconds), offsetMinutes: Int(local.tm_gmtoff) / 60)
    }
}
