/// The values of one column that simple comparisons with literals let through.
///
/// SQLite orders all values: numbers, then texts, then blobs. So a range that is empty among the
/// literals' own kind is empty altogether. NULL passes every CHECK and is never counted.
struct ColumnDomain {
    /// A literal, of numbers only those that a Double holds exactly.
    enum Literal: Hashable, Comparable {
        case number(Double)
        case text([UInt8])

        static func < (left: Literal, right: Literal) -> Bool {
            switch (left, right) {
            case (.number(let left), .number(let right)): left < right
            case (.text(let left), .text(let right)): left.lexicographicallyPrecedes(right)
            case (.number, .text): true
            case (.text, .number): false
            }
        }
    }

    private var lower: (value: Literal, isIn: Bool)?
    private var upper: (value: Literal, isIn: Bool)?
    /// The only values let through; absent for all in the range.
    private var values: Set<Literal>?
    private var excluded: Set<Literal> = []

    /// Whether no value but NULL is let through.
    var isEmpty: Bool {
        if let values { return !values.contains(where: isInRange) }
        guard let lower, let upper else { return false }
        if lower.value == upper.value {
            return !lower.isIn || !upper.isIn || excluded.contains(lower.value)
        }
        return lower.value > upper.value
    }

    private func isInRange(_ value: Literal) -> Bool {
        if let lower, value < lower.value || value == lower.value && !lower.isIn { return false }
        if let upper, value > upper.value || value == upper.value && !upper.isIn { return false }
        return !excluded.contains(value)
    }

    /// Lets through only what a comparison does too.
    mutating func restrict(by comparison: ColumnComparison) {
        switch comparison.relation {
        case .among: values = values?.intersection(comparison.literals) ?? comparison.literals
        case .notAmong: excluded.formUnion(comparison.literals)
        case .above(let isIn):
            for value in comparison.literals {
                guard let old = lower, old.value > value || old.value == value && !old.isIn else {
                    lower = (value, isIn)
                    continue
                }
            }
        case .below(let isIn):
            for value in comparison.literals {
                guard let old = upper, old.value < value || old.value == value && !old.isIn else {
                    upper = (value, isIn)
                    continue
                }
            }
        }
    }
}

/// One comparison of a column with literals.
struct ColumnComparison {
    enum Relation: Hashable {
        case among, notAmong
        case above(isIn: Bool)
        case below(isIn: Bool)
    }

    var column: Identifier
    var relation: Relation
    var literals: Set<ColumnDomain.Literal>
}

extension Expression {
    /// The comparisons all of which have to hold; those parts that are anything else are left out.
    ///
    /// They are found between ANDs: `a > 5 AND b IN (1, 2) AND 3 <> a AND c BETWEEN 1 AND 9`.
    var comparisons: [ColumnComparison] {
        var terms: [[Token]] = [[]]
        var depth = 0
        var isBetween = false
        for token in tokens {
            if token.isSymbol("(") { depth += 1 }
            if token.isSymbol(")") { depth -= 1 }
            // An OR binds less than any AND; CASE has words of its own.
            if depth == 0, ["OR", "CASE"].contains(token.keyword) { return [] }
            if depth == 0, token.keyword == "BETWEEN" { isBetween = true }
            if depth == 0, token.keyword == "AND", !isBetween {
                terms.append([])
                continue
            }
            if depth == 0, token.keyword == "AND" { isBetween = false }
            terms[terms.count - 1].append(token)
        }
        return terms.flatMap { Self.comparisons(in: $0[...]) }
    }

    private static func comparisons(in term: ArraySlice<Token>) -> [ColumnComparison] {
        if term.first?.isSymbol("(") == true, term.last?.isSymbol(")") == true {
            let inside = term.dropFirst().dropLast()
            // "(a) = (b)" begins and ends like that too.
            guard isBalanced(inside) else { return [] }
            return Expression(tokens: Array(inside)).comparisons
        }
        if let column = term.first?.columnName {
            return comparisons(of: column, with: term.dropFirst())
        }
        guard let column = term.last?.columnName, let sign = term.dropLast().last,
            let literal = literal(term.dropLast(2)), let mirrored = mirrors[sign.text],
            let relation = relations[mirrored]
        else { return [] }
        return [ColumnComparison(column: column, relation: relation, literals: [literal])]
    }

    private static func comparisons(of column: Identifier, with rest: ArraySlice<Token>)
        -> [ColumnComparison]
    {
        guard let sign = rest.first else { return [] }
        let operand = rest.dropFirst()
        let make = { (relation: ColumnComparison.Relation, literals: [ColumnDomain.Literal]) in
            ColumnComparison(column: column, relation: relation, literals: Set(literals))
        }
        if let relation = relations[sign.text] {
            return literal(operand).map { [make(relation, [$0])] } ?? []
        }
        switch sign.keyword {
        case "IN": return list(operand).map { [make(.among, $0)] } ?? []
        case "NOT" where operand.first?.keyword == "IN":
            return list(operand.dropFirst()).map { [make(.notAmong, $0)] } ?? []
        case "BETWEEN":
            let bounds = operand.split { $0.keyword == "AND" }
            guard bounds.count == 2, let low = literal(bounds[0]), let high = literal(bounds[1])
            else { return [] }
            return [make(.above(isIn: true), [low]), make(.below(isIn: true), [high])]
        default: return []
        }
    }

    private static let relations: [String: ColumnComparison.Relation] = [
        "=": .among, "==": .among, "<>": .notAmong, "!=": .notAmong,
        ">": .above(isIn: false), ">=": .above(isIn: true),
        "<": .below(isIn: false), "<=": .below(isIn: true),
    ]
    private static let mirrors = [
        "=": "=", "==": "=", "<>": "<>", "!=": "<>", ">": "<", ">=": "<=", "<": ">", "<=": ">=",
    ]

    private static func isBalanced(_ tokens: ArraySlice<Token>) -> Bool {
        var depth = 0
        for token in tokens {
            if token.isSymbol("(") { depth += 1 }
            if token.isSymbol(")") { depth -= 1 }
            if depth < 0 { return false }
        }
        return depth == 0
    }

    /// `(1, 2, 'x')`; absent for anything else.
    private static func list(_ tokens: ArraySlice<Token>) -> [ColumnDomain.Literal]? {
        guard tokens.first?.isSymbol("(") == true, tokens.last?.isSymbol(")") == true else {
            return nil
        }
        let items = tokens.dropFirst().dropLast()
            .split(omittingEmptySubsequences: false) { $0.isSymbol(",") }.map(literal)
        return items.contains { $0 == nil } ? nil : items.compactMap(\.self)
    }

    private static func literal(_ tokens: ArraySlice<Token>) -> ColumnDomain.Literal? {
        guard let last = tokens.last, tokens.count <= 2 else { return nil }
        if tokens.count == 1, last.kind == .string {
            return .text(Array(Token.unquote(last.text).utf8))
        }
        guard last.kind == .number, let value = Double(last.text), abs(value) < 0x1p53 else {
            return nil
        }
        if tokens.count == 1 { return .number(value) }
        switch tokens.first?.text {
        case "-": return .number(-value)
        case "+": return .number(value)
        default: return nil
        }
    }
}

extension Token {
    /// The name, where it can't be a keyword or function.
    fileprivate var columnName: Identifier? {
        kind == .word && Keyword.reserved.contains(keyword) ? nil : name
    }
}
