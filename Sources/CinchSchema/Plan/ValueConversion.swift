/// What becomes of stored values when they are copied into a column of another affinity
/// (datatype3, section 3), as SQL about the old column.
///
/// CAST is no conversion: it makes 0 of 'abc', which every affinity leaves alone. But a comparison
/// with a CAST applies the affinity to its other side, so `CAST(x AS NUMERIC) = x` is true of
/// numbers and of text that looks like one, and of nothing else.
struct ValueConversion {
    /// The old column as SQL.
    let stored: String
    let from: Affinity
    let to: Affinity

    /// The value as it will be stored.
    var result: String {
        switch (from, to) {
        case (.text, .text), (_, .blob), (.real, .real): stored
        case (_, .text):
            "CASE WHEN typeof(\(stored)) IN ('integer', 'real') THEN CAST(\(stored) AS TEXT)"
                + " ELSE \(stored) END"
        case (_, .real):
            "CASE WHEN typeof(\(stored)) = 'integer' OR \(isTextOfNumber)"
                + " THEN CAST(\(stored) AS REAL) ELSE \(stored) END"
        case (.text, _), (.blob, _):
            "CASE WHEN \(isTextOfNumber) THEN CAST(\(stored) AS NUMERIC) ELSE \(stored) END"
        // A whole number is stored as an integer, and is the same value to every comparison.
        default: stored
        }
    }

    /// True of a value that can't be had back from what will be stored; nil when there is none.
    var loses: String? {
        switch (from, to) {
        case (.text, .text), (_, .blob), (.real, .real): nil
        case (_, .text):
            "typeof(\(stored)) = 'real' AND CAST(CAST(\(stored) AS TEXT) AS REAL) <> \(stored)"
        case (.text, .real), (.blob, .real):
            "\(isTextOfNumber) AND (\(differs("NUMERIC")) AND \(differs("REAL"))"
                + " OR CAST(\(stored) AS NUMERIC) <> CAST(\(stored) AS REAL))"
                + (from == .blob ? " OR \(isTooLong)" : "")
        case (_, .real): isTooLong
        case (.text, _), (.blob, _): "\(isTextOfNumber) AND \(differs("NUMERIC"))"
        default: nil
        }
    }

    /// True of a value that will be neither NULL nor an integer.
    var isNoInteger: String {
        "typeof(\(stored)) = 'blob'"
            + " OR typeof(\(stored)) = 'real' AND CAST(\(stored) AS INTEGER) <> \(stored)"
            + " OR typeof(\(stored)) = 'text' AND NOT (CAST(\(stored) AS NUMERIC) = \(stored)"
            + " AND typeof(CAST(\(stored) AS NUMERIC)) = 'integer')"
    }

    /// True of a value that will be neither NULL nor a number.
    var isNoNumber: String {
        "typeof(\(stored)) = 'blob'"
            + " OR typeof(\(stored)) = 'text' AND CAST(\(stored) AS NUMERIC) <> \(stored)"
    }

    /// True of a blob, which is never converted.
    var isBlob: String { "typeof(\(stored)) = 'blob'" }

    /// True of a value that is neither NULL nor a blob.
    var isNoBlob: String { "typeof(\(stored)) NOT IN ('blob', 'null')" }

    private var isTextOfNumber: String {
        "(typeof(\(stored)) = 'text' AND CAST(\(stored) AS NUMERIC) = \(stored))"
    }

    /// Whether the number is spelled otherwise than the text: '007', ' 7', '1e2'.
    private func differs(_ type: String) -> String {
        "CAST(CAST(\(stored) AS \(type)) AS TEXT) <> \(stored) COLLATE BINARY"
    }

    /// An integer that no REAL is equal to.
    private var isTooLong: String {
        "typeof(\(stored)) = 'integer' AND CAST(\(stored) AS REAL) <> \(stored)"
    }
}
