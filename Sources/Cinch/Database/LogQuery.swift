import CinchGit
import CinchRepository
import CinchSchema

/// Which commits `cinch log` lists.
package struct LogQuery: Sendable {
    /// Where to start, or a range.
    package var revision: String
    /// How many commits at most; absent for all.
    package var limit: Int?
    /// Lines of history kept together rather than by date.
    package var isTopological: Bool
    /// Commits made since a date, as git writes dates; absent for no bound.
    package var since: String?
    /// Commits made until a date.
    package var until: String?
    /// A regular expression that the author's `name <email>` must match.
    package var author: String?
    /// The entity, or `table.column`, that commits must have changed.
    package var entity: String?
    /// The name that commits must have brought or taken somewhere.
    package var pickaxe: String?

    /// Makes a query for a revision or a range.
    package init(revision: String = "HEAD", limit: Int? = nil, isTopological: Bool = false) {
        self.revision = revision
        self.limit = limit
        self.isTopological = isTopological
    }

    /// Whether any commit may be left out.
    package var isFiltered: Bool {
        [since, until, author, entity, pickaxe].contains { $0 != nil }
    }
}

/// Looks at each commit of a walk and says whether it is asked for.
struct LogFilter {
    /// Whether every commit is.
    let isOpen: Bool
    /// Whether everything that is left is too old.
    private(set) var isPast = false
    private let database: CinchDatabase
    private let since: Int64?
    private let until: Int64?
    private let author: Regex<AnyRegexOutput>?
    private let entity: (name: String, history: EntityHistory)?
    private var pickaxe: NameCount?
    private let isByDate: Bool
    private var older = 0

    /// How many commits in a row must be too old before the rest is taken to be, as in git:
    /// clocks differ.
    private static let slop = 5

    init(_ query: LogQuery, from start: ObjectID, in database: CinchDatabase) throws {
        self.database = database
        isOpen = !query.isFiltered
        isByDate = !query.isTopological
        since = try query.since.map(database.seconds)
        until = try query.until.map(database.seconds)
        author = try query.author.map { pattern in
            do {
                return try Regex(pattern)
            } catch {
                throw CinchError(
                    code: .invalid,
                    message: "'\(TerminalText.escaped(pattern))' is no regular expression",
                    hint: "Put a backslash before signs that are meant as they are.")
            }
        }
        entity = try query.entity.map { path in
            (path, try database.entityHistory(path, at: start))
        }
        pickaxe = query.pickaxe.map { NameCount(database.history.git, $0) }
    }

    /// Leaves out lines of history that changed nothing of the entity.
    var simplification: RevisionWalk.Simplification? {
        guard let history = entity?.history else { return nil }
        return { entry, parents in try history.simplified(entry.commit, parents: parents) }
    }

    mutating func takes(_ entry: RevisionWalk.Entry) throws -> Bool {
        let commit = entry.commit
        if let since, commit.committer.seconds < since {
            older += 1
            if isByDate, older > Self.slop { isPast = true }
            return false
        }
        older = 0
        if let until, commit.committer.seconds > until { return false }
        if let author {
            let text = "\(commit.author.name) <\(commit.author.email)>"
            guard try author.firstMatch(in: text) != nil else { return false }
        }
        guard entity != nil || pickaxe != nil else { return true }
        let parents = try database.history.git.parents(of: entry.id)
        if let entity, try !entity.history.isChanged(in: commit, parents: parents) { return false }
        return try pickaxe?.isChanged(in: commit, parents: parents) ?? true
    }

    func demandFound() throws {
        guard let entity, !entity.history.wasFound else { return }
        throw CinchError(
            code: .notFound,
            message: "No commit here has a '\(TerminalText.escaped(entity.name))'",
            hint: "Name a table, view, index or trigger, or a column as TABLE.COLUMN.")
    }
}

extension CinchDatabase {
    /// A date as git reads it, in seconds since 1970.
    func seconds(_ date: String) throws -> Int64 {
        let now = context.now()
        if let date = RevisionDate(date, now: now.seconds, offsetMinutes: now.offsetMinutes) {
            return date.seconds
        }
        return try Timestamp(parsing: date).seconds
    }

    /// What `ENTITY` or `TABLE.COLUMN` names, to be followed through history.
    fileprivate func entityHistory(_ path: String, at start: ObjectID) throws -> EntityHistory {
        let schema = try history.schema(of: start)
        let (name, column) = EntityPath.split(path, in: schema)
        return EntityHistory(history.git, name, column: column, in: schema)
    }
}

/// `users`, `users.email`: an entity, or a column of a table.
enum EntityPath {
    /// A name with a point in it is that of an entity where there is one so called; of several
    /// points the last one that stands behind an entity's name parts the two.
    static func split(_ path: String, in schema: Schema) -> (name: Identifier, column: Identifier?)
    {
        let whole = Identifier(path)
        guard !schema.has(whole), let last = path.lastIndex(of: ".") else { return (whole, nil) }
        let point = path.indices.last {
            path[$0] == "." && schema.has(Identifier(String(path[..<$0])))
        }
        let end = point ?? last
        return (
            Identifier(String(path[..<end])), Identifier(String(path[path.index(after: end)...]))
        )
    }
}

extension Schema {
    /// Whether there is a table, view, index or trigger of that name.
    func has(_ name: Identifier) -> Bool {
        tables[name] != nil || virtualTables[name] != nil || views[name] != nil
            || indexes[name] != nil || triggers[name] != nil
    }

    /// The names of all entities.
    package var entityNames: [String] {
        (tables.map(\.name) + virtualTables.map(\.name) + views.map(\.name) + indexes.map(\.name)
            + triggers.map(\.name)).map(\.text)
    }
}
