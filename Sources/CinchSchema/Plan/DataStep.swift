/// SQL that changes rows, run once in every tenant on its way past one commit.
///
/// It is written for the schema of that commit. Of this it keeps what it reads and writes, so that
/// a tenant which is many commits behind, or comes by way of another branch, gets those tables into
/// that form first, has the step run, and goes on.
public struct DataStep: Hashable, Sendable {
    /// What a step is called, `0007-1a2b3c4d`: its place in the history, and an identity.
    public struct Name: Hashable, Sendable, Comparable, CustomStringConvertible {
        /// Greater than that of every step the commit had before.
        public var number: Int
        /// The same wherever the step is merged to.
        public var id: StableID

        /// Makes a name.
        public init(number: Int, id: StableID) {
            self.number = number
            self.id = id
        }

        /// Reads a name; absent for anything else.
        public init?(_ text: some StringProtocol) {
            let parts = text.split(separator: "-", omittingEmptySubsequences: false)
            guard parts.count == 2, parts[0].utf8.count >= 4,
                parts[0].utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }),
                let number = Int(parts[0]), let id = StableID(parts[1])
            else { return nil }
            self.init(number: number, id: id)
        }

        /// Four digits or more, a hyphen, the identity.
        public var description: String {
            let digits = String(number)
            return String(repeating: "0", count: max(0, 4 - digits.count)) + "\(digits)-\(id)"
        }

        /// The order steps are run in.
        public static func < (left: Name, right: Name) -> Bool {
            (left.number, left.id) < (right.number, right.id)
        }
    }

    /// What it is called.
    public var name: Name
    /// What it is about, for people.
    public var subjects: [RowSubject]
    /// Its statements, without BEGIN and COMMIT.
    public var script: String
    /// The tables it reads and writes as they must be when it runs, their indexes, and the views
    /// and triggers it comes by.
    public var before: Schema
    /// What the script's own DDL makes of `before`; absent when it has none.
    public var after: Schema?

    /// Makes a step.
    public init(
        name: Name, subjects: [RowSubject] = [], script: String, before: Schema,
        after: Schema? = nil
    ) {
        self.name = name
        self.subjects = subjects
        self.script = script
        self.before = before
        self.after = after
    }
}

/// Why a data step can't be run on the way from one schema to another.
public struct DataStepObstacle: Error, Hashable, Sendable, CustomStringConvertible {
    /// The step.
    public var step: DataStep.Name
    /// What would be lost: a table, or a column as `table.column`.
    public var subject: String

    /// One sentence.
    public var description: String {
        "Data step \(step) changes the schema itself and would lose \(subject), which is still"
            + " wanted"
    }
}
