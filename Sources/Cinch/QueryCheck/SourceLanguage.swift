/// What of a language has to be known to find its string literals.
struct SourceLanguage {
    /// A literal's delimiter.
    struct Quote {
        var open: String
        var close: String
        /// Whether a backslash is one.
        var isRaw = false
        /// Whether the closing delimiter twice stands for itself.
        var isDoubled = false
        /// Whether a raw one keeps a backslash and what is behind it, the delimiter too.
        var keepsEscapes = false
        /// What begins a value that is put in at run time; empty for none.
        var interpolations: [String] = []
    }

    /// Delimiters, the longer before the shorter they begin with.
    var quotes: [Quote]
    /// What a comment to the end of the line begins with.
    var lineComments: [String]
    /// Whether `/* … */` is a comment.
    var hasBlockComments = true
    /// Whether block comments stand in block comments.
    var nestsComments = false
    /// Whether every literal goes on over the end of a line; otherwise those in three marks, in
    /// backticks and with doubled marks do.
    var spansLines = false
    /// Whether `/…/` is a regular expression.
    var hasRegularExpressions = false
    /// Whether code is only between `<?` and `?>`.
    var isInMarkup = false
    /// What begins a text of whole lines, ended by a line that has its word: `<<`; empty for none.
    var hereDocument = ""
    /// What puts two texts together.
    var plus = UInt8(ascii: "+")
    /// Whether literals beside each other are one.
    var joinsNeighbours = false
    /// Whether `%` or `.format(` behind a literal fills it in.
    var formatsBehind = false
    /// Whether the file is SQL as a whole.
    var isSQL = false

    init?(fileExtension: String) {
        let double = { (interpolations: [String]) in
            Quote(open: "\"", close: "\"", interpolations: interpolations)
        }
        let single = Quote(open: "'", close: "'")
        let triple = { (interpolations: [String]) in
            Quote(open: "\"\"\"", close: "\"\"\"", interpolations: interpolations)
        }
        quotes = []
        lineComments = ["//"]
        switch fileExtension {
        case "py":
            quotes = Self.python
            lineComments = ["#"]
            hasBlockComments = false
            joinsNeighbours = true
            formatsBehind = true
        case "swift":
            nestsComments = true
            quotes = [
                Quote(open: "#\"\"\"", close: "\"\"\"#", isRaw: true, interpolations: ["\\#("]),
                Quote(open: "#\"", close: "\"#", isRaw: true, interpolations: ["\\#("]),
                triple(["\\("]), double(["\\("]),
            ]
        case "js", "ts":
            hasRegularExpressions = true
            quotes = [Quote(open: "`", close: "`", interpolations: ["${"]), double([]), single]
        case "go": quotes = [Quote(open: "`", close: "`", isRaw: true), double([])]
        case "rb":
            quotes = [double(["#{"]), single]
            lineComments = ["#"]
            hasBlockComments = false
            spansLines = true
            hasRegularExpressions = true
            hereDocument = "<<"
        case "php":
            quotes = [double(["{$", "${", "$"]), single]
            lineComments = ["//", "#"]
            plus = UInt8(ascii: ".")
            spansLines = true
            isInMarkup = true
            hereDocument = "<<<"
        case "java": quotes = [triple([]), double([])]
        case "kt":
            quotes = [triple(["$"]), double(["$"])]
            nestsComments = true
        case "rs":
            nestsComments = true
            spansLines = true
            quotes = [
                Quote(open: "r##\"", close: "\"##", isRaw: true),
                Quote(open: "r#\"", close: "\"#", isRaw: true),
                Quote(open: "r\"", close: "\"", isRaw: true), double([]),
            ]
        case "cs":
            quotes = [
                Quote(
                    open: "$@\"", close: "\"", isRaw: true, isDoubled: true, interpolations: ["{"]),
                Quote(
                    open: "@$\"", close: "\"", isRaw: true, isDoubled: true, interpolations: ["{"]),
                Quote(open: "@\"", close: "\"", isRaw: true, isDoubled: true),
                Quote(open: "$\"", close: "\"", interpolations: ["{"]), triple([]), double([]),
            ]
        case "sql": isSQL = true
        default: return nil
        }
    }

    /// Whether a literal goes on over the end of a line.
    func spansLines(_ quote: Quote) -> Bool {
        spansLines || quote.isDoubled || quote.close == "`" || quote.close.utf8.count > 2
    }

    /// Every mark and prefix of Python's that matters here: `f` fills in, `r` keeps backslashes.
    private static let python: [Quote] = ["\"\"\"", "'''", "\"", "'"].flatMap { mark in
        ["rf", "fr", "Rf", "fR", "f", "F", "r", "R", ""].map { prefix in
            Quote(
                open: prefix + mark, close: mark, isRaw: prefix.lowercased().contains("r"),
                keepsEscapes: true,
                interpolations: prefix.lowercased().contains("f") ? ["{"] : [])
        }
    }.sorted { $0.open.utf8.count > $1.open.utf8.count }
}
