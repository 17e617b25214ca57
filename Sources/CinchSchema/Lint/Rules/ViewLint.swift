/// Views that select whatever there is.
enum ViewLint: LintGroup {
    static let selectStar = LintRule(
        "select-star", "A view selects *", .warning,
        why: """
            Its columns are those its tables happen to have. Adding one there adds one to the view, and \
            dropping or moving one changes what comes at which place: code that reads by position, or \
            `INSERT INTO … SELECT * FROM` the view, breaks far from the change.
            """,
        example: "CREATE VIEW open_tasks AS SELECT * FROM tasks WHERE done = 0;",
        fix: "Name the columns.")

    static let rules = [selectStar]

    static func findings(in change: LintedChange) -> [LintFinding] {
        change.after.views.compactMap { view in
            guard view.columns.isEmpty, view.select.showsEverything else { return nil }
            let place = LintPlace(.view, view.name)
            guard change.before.views[view.name]?.select == view.select else {
                return LintFinding(
                    selectStar, view.name.text, "view \(view.name) selects *",
                    suggestion: "Name the columns.", at: place)
            }
            guard let table = reshaped(by: view, change) else { return nil }
            return LintFinding(
                selectStar, view.name.text,
                "view \(view.name) selects * and gets the other columns of \(table)",
                suggestion: "Name the columns it shall have.", at: place)
        }
    }

    /// A table the view reads whose columns are others, or in another order.
    private static func reshaped(by view: View, _ change: LintedChange) -> Identifier? {
        let names = Set(view.select.names.map(\.key))
        return change.after.tables.first { table in
            guard names.contains(table.name.key), let old = change.old(table.name) else {
                return false
            }
            return old.columns.map(\.name.key) != table.columns.map(\.name.key)
        }?.name
    }
}

extension Expression {
    /// Whether a `*` stands for columns of the result: not of an EXISTS, which has none.
    fileprivate var showsEverything: Bool {
        var isInExists = [false]
        var previous = Token(.symbol, "")
        for token in tokens {
            if token.isSymbol("(") {
                isInExists.append((isInExists.last ?? false) || previous.keyword == "EXISTS")
            } else if token.isSymbol(")") {
                if isInExists.count > 1 { isInExists.removeLast() }
            } else if token.isSymbol("*"), isInExists.last == false {
                let isAll =
                    ["SELECT", "ALL", "DISTINCT"].contains(previous.keyword)
                    || previous.isSymbol(".") || previous.isSymbol(",")
                if isAll { return true }
            }
            previous = token
        }
        return false
    }
}
