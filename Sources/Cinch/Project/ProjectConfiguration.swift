/// What `.cinch/config.toml` says.
///
/// ```toml
/// active_database = "shop"
///
/// [materialize]
/// policy = "eager"
/// jobs = 8
/// max_lost_rows = 0
/// max_parked_rows = 1000000
///
/// [hooks]
/// timeout_seconds = 60
///
/// [user]
/// name = "Ada Lovelace"
/// email = "ada@example.com"
///
/// [lint]
/// drop-column = "warning"
/// fail_on = "error"
/// big_tables = ["events", "logs_*"]
/// naming = "snake_case"
///
/// [database.shop]
/// deploy_branch = "main"
/// ```
///
/// Keys that are not set read as their defaults. Keys that cinch doesn't know, comments and the
/// order of lines stay as they are when the file is written.
public struct ProjectConfiguration: Hashable, Sendable {
    /// When tenants follow the deploy branch.
    public enum MaterializePolicy: String, Hashable, Sendable, CaseIterable {
        /// As soon as it moves.
        case eager
        /// When they are opened.
        case lazy
        /// When `cinch materialize` is run.
        case manual
    }

    private static let materialize = ["materialize"]
    private static let user = ["user"]
    private static let hooks = ["hooks"]
    private static let hookEnvironment = ["hooks", "environment"]

    private var document = TOMLDocument()

    /// A configuration with nothing set.
    public init() {}

    /// Reads a file's text.
    ///
    /// - Throws: `CinchError` with `.invalid`, naming the line, for text that is no TOML cinch
    ///   reads, and for a value of a key it knows that it can't use.
    public init(parsing text: String, file: String = "config.toml") throws {
        document = try TOMLDocument(parsing: text, file: file)
        try check(file: file)
    }

    /// The file's text.
    public var text: String { document.text }

    /// The database commands work on when none is named; `nil` if none is set.
    public var activeDatabase: StoredName? {
        get { string("active_database", []).flatMap(StoredName.init(valid:)) }
        set { set("active_database", [], newValue.map { .string($0.text) }) }
    }

    /// When tenants follow the deploy branch; `.eager` unless set.
    public var materializePolicy: MaterializePolicy {
        get { string("policy", Self.materialize).flatMap(MaterializePolicy.init) ?? .eager }
        set { set("policy", Self.materialize, .string(newValue.rawValue)) }
    }

    /// How many tenants are changed at once; `nil` leaves it to the machine.
    public var materializeJobs: Int? {
        get { integer("jobs", Self.materialize) }
        set { set("jobs", Self.materialize, newValue.map { .integer(Int64($0)) }) }
    }

    /// How many rows, in all tenants together, may lose a value for good when the deploy branch
    /// moves; 0 unless set.
    public var maximumLostRows: Int {
        get { integer("max_lost_rows", Self.materialize) ?? 0 }
        set { set("max_lost_rows", Self.materialize, .integer(Int64(newValue))) }
    }

    /// How many rows, in all tenants together, may be parked when the deploy branch moves; `nil`
    /// is any number.
    public var maximumParkedRows: Int? {
        get { integer("max_parked_rows", Self.materialize) }
        set { set("max_parked_rows", Self.materialize, newValue.map { .integer(Int64($0)) }) }
    }

    /// After how many seconds a hook is killed; 60 unless set.
    public var hookTimeout: Int {
        get { integer("timeout_seconds", Self.hooks) ?? 60 }
        set { set("timeout_seconds", Self.hooks, .integer(Int64(newValue))) }
    }

    /// What hooks find in their environment besides what cinch tells them, from
    /// `[hooks.environment]`: settings of those that are shipped.
    package var hookVariables: [String: String] {
        document.entries(in: Self.hookEnvironment).reduce(into: [:]) { variables, entry in
            variables[entry.key] = Self.word(entry.value)
        }
    }

    private static func word(_ value: TOMLDocument.Value) -> String? {
        switch value {
        case .string(let text): text
        case .integer(let number): "\(number)"
        case .boolean(let isOn): isOn ? "1" : ""
        default: nil
        }
    }

    /// The name for commits; `nil` if none is set.
    public var userName: String? {
        get { string("name", Self.user) }
        set { set("name", Self.user, newValue.map { .string($0) }) }
    }

    /// The address for commits; `nil` if none is set.
    public var userEmail: String? {
        get { string("email", Self.user) }
        set { set("email", Self.user, newValue.map { .string($0) }) }
    }

    /// A setting of `[server]` as text, whatever its kind; `nil` if it isn't set.
    package func serverSetting(_ name: String) -> String? {
        switch document.value(name, in: ["server"]) {
        case .string(let text)?: text
        case .integer(let number)?: "\(number)"
        case .boolean(let isOn)?: "\(isOn)"
        default: nil
        }
    }

    /// The branch the tenants of a database follow; `main` unless set.
    public func deployBranch(of database: StoredName) -> String {
        string("deploy_branch", ["database", database.text]) ?? "main"
    }

    /// Sets the branch the tenants of a database follow. Whether it exists is the caller's to
    /// check.
    public mutating func setDeployBranch(_ branch: String, of database: StoredName) {
        set("deploy_branch", ["database", database.text], .string(branch))
    }

    /// Forgets what was set for a database that was deleted or renamed.
    public mutating func removeDatabase(_ database: StoredName) {
        document.removeTable(["database", database.text])
        if activeDatabase == database { activeDatabase = nil }
    }

    /// What `[lint]` says; `nil` where there is no such table.
    package var lint: LintConfiguration? {
        document.tables.contains(LintConfiguration.table)
            ? LintConfiguration(document.entries(in: LintConfiguration.table)) : nil
    }

    private func string(_ key: String, _ table: [String]) -> String? {
        guard case .string(let text)? = document.value(key, in: table), !text.isEmpty else {
            return nil
        }
        return text
    }

    private func integer(_ key: String, _ table: [String]) -> Int? {
        guard case .integer(let number)? = document.value(key, in: table) else { return nil }
        return Int(exactly: number)
    }

    private mutating func set(_ key: String, _ table: [String], _ value: TOMLDocument.Value?) {
        document.set(key, in: table, to: value)
    }

    /// Checks the values of all keys cinch knows, so that reading one later can't fail.
    private func check(file: String) throws {
        func invalid(_ key: String, _ table: [String], _ expectation: String) -> CinchError {
            let path = (table + [key]).joined(separator: ".")
            return CinchError(
                code: .invalid, message: "\(file): '\(path)' must be \(expectation)",
                hint: "Correct it, or delete the line for the default.")
        }
        func requireString(_ key: String, _ table: [String]) throws {
            guard let value = document.value(key, in: table) else { return }
            guard case .string = value else { throw invalid(key, table, "text in quotes") }
        }
        try requireString("active_database", [])
        try requireString("policy", Self.materialize)
        try requireString("name", Self.user)
        try requireString("email", Self.user)
        for table in document.tables where table.count == 2 && table[0] == "database" {
            try requireString("deploy_branch", table)
        }
        if let name = string("active_database", []) { _ = try StoredName(name, kind: "database") }
        if let policy = string("policy", Self.materialize),
            MaterializePolicy(rawValue: policy) == nil
        {
            throw invalid("policy", Self.materialize, "\"eager\", \"lazy\" or \"manual\"")
        }
        if let value = document.value("jobs", in: Self.materialize) {
            guard case .integer(1...1024) = value else {
                throw invalid("jobs", Self.materialize, "a number from 1 to 1024")
            }
        }
        if let lint, let key = lint.invalidKey {
            throw invalid(key, LintConfiguration.table, lint.expectation)
        }
        for key in ["max_lost_rows", "max_parked_rows"] {
            guard let value = document.value(key, in: Self.materialize) else { continue }
            guard case .integer(0...) = value else {
                throw invalid(key, Self.materialize, "a number of rows, at least 0")
            }
        }
        if let value = document.value("timeout_seconds", in: Self.hooks) {
            guard case .integer(1...86_400) = value else {
                throw invalid("timeout_seconds", Self.hooks, "a number from 1 to 86400")
            }
        }
        for (key, value) in document.entries(in: Self.hookEnvironment) {
            let isName = key.utf8.allSatisfy { byte in
                byte == UInt8(ascii: "_") || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            }
            guard isName, key.first?.isNumber == false, Self.word(value) != nil else {
                throw invalid(key, Self.hookEnvironment, "a variable in capitals and its text")
            }
        }
    }
}
