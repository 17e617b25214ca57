package import Cinch
import CinchGit
import CinchRepository
import CinchSchema

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A schema's history as a set of pages that need nothing but a browser.
package struct Site {
    /// What goes into it.
    package struct Options: Sendable {
        /// How many commits have pages at most; absent for all.
        package var limit: Int?
        /// Whether there is a page on the tenants, where there are any.
        package var hasFleet: Bool
        /// The revision whose tables have pages; absent for the deploy branch, or HEAD without one.
        package var revision: String?

        /// Makes options: everything there is.
        package init(
            limit: Int? = nil, hasFleet: Bool = true, revision: String? = nil
        ) {
            self.limit = limit
            self.hasFleet = hasFleet
            self.revision = revision
        }
    }

    /// What was written.
    package struct Report: Hashable, Sendable {
        /// Pages, of every kind.
        package var pages = 0
        /// Commits that have a page.
        package var commits = 0
        /// Tables and views that have a page.
        package var tables = 0
        /// Diagrams, one for each tree.
        package var diagrams = 0
        /// Tenants that were looked at; absent where there is no page on them.
        package var tenants: Int?
        /// Files that were not there, or different.
        package var changed = 0
    }

    private let database: CinchDatabase
    private let history: SiteHistory
    private let tenants: [TenantInformation]?
    /// The commit whose tables have pages, and what it was named by.
    private let shown: (commit: ObjectID, tree: ObjectID, schema: Schema, revision: String)?
    private let links: Page.Links

    /// Reads what every page needs; the rest is read while the pages are written.
    ///
    /// - Throws: `.notFound` for a revision that isn't there.
    package init(_ database: CinchDatabase, options: Options) throws {
        self.database = database
        history = try SiteHistory(database, limit: options.limit)
        let hasTenants =
            options.hasFleet && !database.isRepositoryAlone
            && access(database.layout.catalog, F_OK) == 0
        tenants = hasTenants ? try database.tenantStatus() : nil
        shown = try Self.revision(options.revision, database, history).map { revision in
            let commit = try database.commit(revision)
            let tree = try database.git.readCommit(commit).tree
            return (commit, tree, try database.history.schema(ofTree: tree), revision)
        }
        links = Page.Links(
            database: database.name.text,
            diagram: shown.map { SiteHistory.diagramPath(of: $0.tree) },
            hasSchema: shown != nil, hasFleet: tenants != nil)
    }

    private static func revision(
        _ wanted: String?, _ database: CinchDatabase, _ history: SiteHistory
    ) throws -> String? {
        if let wanted { return wanted }
        let deployed = database.deployBranch
        if history.branches.contains(where: { $0.name == deployed }) { return deployed }
        if let current = history.current { return current }
        return history.branches.first?.name ?? history.entries.first?.id.hex
    }

    /// Writes the pages into a folder, the index last, then removes those of an earlier time.
    ///
    /// - Parameters:
    ///   - folder: Absolute; made if it isn't there.
    ///   - force: Whether a folder with other files in it is written to.
    ///   - progress: Told how many commits are done.
    /// - Throws: `.refused` for a folder that has other files in it, `.busy` while another process
    ///   writes there.
    package func write(
        to folder: String, force: Bool = false, progress: (_ done: Int, _ total: Int) -> Void
    ) throws -> Report {
        var output = try SiteFolder(folder, force: force)
        var report = Report()
        try output.write("style.css", StyleSheet.text)
        if let shown {
            report.tables = try writeTables(shown.schema, at: shown.commit, &output)
            let page = SchemaPage(
                schema: shown.schema, commit: shown.commit, revision: shown.revision,
                diagram: SiteHistory.diagramPath(of: shown.tree),
                isLinked: history.has(shown.commit))
            try output.write("schema.html", page.page.html(links))
        }
        let trees = Dictionary(grouping: history.entries, by: \.commit.tree)
            .mapValues { $0.map(\.id) }
        var drawn: Set<ObjectID> = []
        for (place, entry) in history.entries.enumerated() {
            let schema = try database.history.schema(ofTree: entry.commit.tree)
            if drawn.insert(entry.commit.tree).inserted {
                try writeDiagram(entry.commit.tree, schema, trees[entry.commit.tree] ?? [], &output)
            }
            try output.write(SiteHistory.path(of: entry.id), page(of: entry, schema).html(links))
            progress(place + 1, history.entries.count)
        }
        if let shown, drawn.insert(shown.tree).inserted {
            try writeDiagram(shown.tree, shown.schema, [shown.commit], &output)
        }
        if let tenants {
            let page = FleetPage(
                tenants: tenants, history: history, deployBranch: database.deployBranch)
            try output.write("fleet.html", page.page.html(links))
            report.tenants = tenants.count
        }
        let index = IndexPages(history, deployBranch: database.deployBranch)
        for number in (0..<index.count).reversed() {
            try output.write(IndexPages.path(number), index.page(number).html(links))
        }
        try output.finish()
        report.commits = history.entries.count
        report.diagrams = drawn.count
        report.pages =
            report.commits + report.diagrams + report.tables + index.count
            + (shown == nil ? 0 : 1) + (tenants == nil ? 0 : 1)
        report.changed = output.changed
        return report
    }

    // MARK: Pages

    private func page(of entry: RevisionWalk.Entry, _ schema: Schema) throws -> Page {
        let parent = try entry.commit.parents.first.map { try database.git.readCommit($0).tree }
        let before = try parent.map { try database.history.schema(ofTree: $0) } ?? Schema()
        let steps =
            parent == entry.commit.tree
            ? [] : try database.git.dataSteps(in: entry.commit.tree, notIn: parent)
        let statements = Result<[String], any Error> {
            if parent == entry.commit.tree { return [] }
            return try Plan(from: before, to: schema, dataSteps: steps, parked: nil).statements
        }
        return CommitPage(
            id: entry.id, commit: entry.commit, history: history,
            diff: SchemaDiff(from: before, to: schema), dataSteps: steps, statements: statements
        ).page
    }

    private func writeDiagram(
        _ tree: ObjectID, _ schema: Schema, _ commits: [ObjectID], _ output: inout SiteFolder
    ) throws {
        let isShown = tree == shown?.tree
        let path = SiteHistory.diagramPath(of: tree)
        let page = DiagramPage(
            tree: tree, schema: schema, history: history, commits: commits,
            links: { isShown ? "../" + TablePage.path($0) : nil })
        try output.write(path, page.page(section: path).html(links))
    }

    private func writeTables(
        _ schema: Schema, at commit: ObjectID, _ output: inout SiteFolder
    ) throws -> Int {
        let names =
            schema.tables.map(\.name) + schema.virtualTables.map(\.name) + schema.views.map(\.name)
        for name in names {
            let lines = try database.history.blame(name, at: commit)?.lines ?? []
            let page = TablePage(
                name: name, schema: schema, history: history,
                origins: lines.map { line in
                    TablePage.Origin(
                        kind: line.kind, name: line.name, commit: line.changed.id,
                        author: line.changed.commit.author)
                })
            try output.write(TablePage.path(name), page.page.html(links))
        }
        return names.count
    }
}
