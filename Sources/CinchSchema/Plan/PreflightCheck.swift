/// A question to the rows of one table before a plan runs: how many of them stand in its way?
///
/// It reads the table as it is before the plan, under its old names, and is told to people under
/// the new ones. It is asked only where the answer is certain: a plan that works finds no rows.
public struct PreflightCheck: Hashable, Sendable {
    /// What the rows don't meet.
    public enum Rule: String, Hashable, Sendable, CaseIterable {
        /// NOT NULL, or a key that takes no NULL.
        case notNull = "not-null"
        /// A new column that is NOT NULL and has no default.
        case noDefault = "no-default"
        /// UNIQUE, PRIMARY KEY or a unique index.
        case unique
        /// CHECK.
        case check
        /// FOREIGN KEY.
        case foreignKey = "foreign-key"
        /// The type of a STRICT table's column or of an INTEGER PRIMARY KEY.
        case type
        /// A value that a new type would change for good: '007' to 7.
        case loss
        /// A data step that can't be run on the rows there are.
        case dataStep = "data-step"
        /// A demand no question is exactly right about: the statements are tried, and taken back.
        case trial
    }

    /// What the rows don't meet.
    public var rule: Rule
    /// The table, by its name afterwards.
    public var table: Identifier
    /// The columns concerned, by their names afterwards; empty for a CHECK of the table.
    public var columns: [Identifier]
    /// What is demanded, where rule and columns don't say it: a CHECK's expression, a foreign
    /// key's parent, a declared type.
    public var demand: String
    /// One SELECT whose only value is the number of rows; it is for a database before the plan.
    /// Empty for what is tried instead.
    public var sql: String

    /// Makes a check.
    public init(
        _ rule: Rule, table: Identifier, columns: [Identifier], demand: String = "", sql: String
    ) {
        self.rule = rule
        self.table = table
        self.columns = columns
        self.demand = demand
        self.sql = sql
    }

    /// The finding that a data step fails.
    ///
    /// - Parameter failure: SQLite's message.
    public static func dataStep(_ name: String, failure: String) -> PreflightCheck {
        PreflightCheck(
            .dataStep, table: Identifier(name), columns: [], demand: failure, sql: "")
    }

    /// The finding that the statements of a plan fail where they were tried.
    ///
    /// - Parameter message: SQLite's.
    public func failing(_ message: String) -> PreflightCheck {
        var finding = self
        finding.demand = message
        return finding
    }

    /// What is asked about: `users.email`, `users (first, last)`, `users`.
    public var subject: String {
        switch columns.count {
        case 0: "\(table)"
        case 1: "\(table).\(columns[0])"
        default: "\(table) (\(columns.map(\.text).joined(separator: ", ")))"
        }
    }

    /// A finding for people: `users.email: 3 rows are NULL`.
    public func summary(count: Int) -> String {
        if rule == .dataStep { return "data step \(table) can't be run: \(demand)" }
        if rule == .trial { return "\(table): the change fails: \(demand)" }
        let rows = count == 1 ? "1 row" : "\(count) rows"
        let (have, are) = count == 1 ? ("has", "is") : ("have", "are")
        let what =
            switch rule {
            case .notNull: "\(are) NULL"
            case .noDefault: "would be NULL, and there is no default"
            case .unique: "\(are) not unique"
            case .check: "\(count == 1 ? "breaks" : "break") CHECK (\(demand))"
            case .foreignKey: "\(have) no parent in \(demand)"
            case .type: "\(have) a value that is no \(demand)"
            case .loss: "\(have) a value that \(demand) would change"
            case .dataStep, .trial: demand
            }
        return "\(subject): \(rows) \(what)"
    }
}
