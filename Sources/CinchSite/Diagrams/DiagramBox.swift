import Cinch
import CinchSchema

/// A table as it is drawn: a name, then a row for each column.
struct DiagramBox: Hashable {
    struct Row: Hashable {
        /// `PK`, `FK`, both, or nothing.
        var mark: String
        var name: Label
        var type: Label
        /// The columns that are drawn in this row, by ``Identifier/key``.
        var columns: [String]
    }

    /// Text that fits its place, and the whole of it where it had to be cut.
    struct Label: Hashable {
        var text: String
        var whole: String?

        init(_ text: String, cells: Int) {
            let visible = Markup.visible(text)
            (self.text, whole) = Self.fit(visible, cells)
        }

        /// How many cells of a monospaced font it takes.
        var cells: Int { TerminalText.width(text) }

        private static func fit(_ text: String, _ cells: Int) -> (String, String?) {
            guard text.utf8.count > cells, TerminalText.width(text) > cells else {
                return (text, nil)
            }
            var (short, used) = ("", 0)
            for character in text {
                let width = TerminalText.width(String(character))
                guard used + width < cells else { break }
                short.append(character)
                used += width
            }
            return (short + "…", text)
        }
    }

    /// Measures of what is drawn, in pixels. A cell is wider than any usual monospaced font has it.
    enum Measure {
        static let cell = 7.8
        static let titleCell = 8.6
        static let row = 19.0
        static let header = 28.0
        static let padding = 10.0
        static let mark = 22.0
        static let gap = 16.0
    }

    /// More columns than this are drawn as one row that counts them, keys excepted.
    static let rowLimit = 40

    var name: Identifier
    var title: Label
    var rows: [Row]
    var markWidth: Double
    var width: Double
    /// Whether it is no table of the schema but one a foreign key names.
    var isMissing = false

    init(_ table: Table, relations: [Relation]) {
        let primary = Set(table.primaryKeyColumns.map(\.key))
        let foreign = Set(relations.flatMap(\.childColumns).map(\.key))
        let isLong = table.columns.count > Self.rowLimit
        var rows: [Row] = []
        var rest: [Column] = []
        for column in table.columns {
            let key = column.name.key
            let marks =
                (primary.contains(key) ? ["PK"] : []) + (foreign.contains(key) ? ["FK"] : [])
            if isLong, marks.isEmpty, rows.count >= Self.rowLimit - 10 {
                rest.append(column)
            } else {
                rows.append(
                    Row(
                        mark: marks.joined(separator: " "),
                        name: Label(column.name.text, cells: 34),
                        type: Label(column.declaredType, cells: 18), columns: [key]))
            }
        }
        if !rest.isEmpty {
            var label = Label("… \(rest.count) more columns", cells: 40)
            label.whole = rest.map(\.name.text).joined(separator: ", ")
            rows.append(
                Row(mark: "", name: label, type: Label("", cells: 1), columns: rest.map(\.name.key))
            )
        }
        self.init(table.name, rows: rows)
    }

    init(_ table: VirtualTable) {
        let row = Row(
            mark: "", name: Label("virtual: \(table.module.text)", cells: 34),
            type: Label("", cells: 1), columns: [])
        self.init(table.name, rows: [row])
    }

    private init(_ name: Identifier, rows: [Row]) {
        self.name = name
        self.rows = rows
        title = Label(name.text.isEmpty ? " " : name.text, cells: 36)
        let marks = rows.map(\.mark.count).max() ?? 0
        markWidth = marks == 0 ? 0 : marks > 2 ? 2 * Measure.mark : Measure.mark
        let inner =
            rows.map { row in
                Double(row.name.cells + row.type.cells) * Measure.cell
                    + (row.type.cells > 0 ? Measure.gap : 0)
            }.max() ?? 0
        let content = max(markWidth + inner, Double(title.cells) * Measure.titleCell)
        width = max(120, (content + 2 * Measure.padding).rounded(.up))
    }

    var height: Double { Measure.header + Double(rows.count) * Measure.row + 4 }

    /// How far below the top an edge of a column ends; of the title, where it has no row.
    func offset(of column: Identifier?) -> Double {
        guard let column, let row = rows.firstIndex(where: { $0.columns.contains(column.key) })
        else { return Measure.header / 2 }
        return Measure.header + (Double(row) + 0.5) * Measure.row
    }
}
