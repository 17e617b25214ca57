/// Replaces what differs from run to run: paths, object ids, times and durations.
///
/// Ids are numbered as they appear, and an abbreviation gets the number of the id it abbreviates,
/// so a transcript still says which of two lines name the same commit.
struct Normalizer {
    private let root: String
    private var ids: [String] = []

    /// - Parameter root: The folder the commands ran in.
    init(root: String) { self.root = root }

    /// Must see the lines of a story in their order.
    mutating func normalize(_ answer: Terminal.Answer) -> Terminal.Answer {
        var result = answer
        result.output = answer.output.map { normalize($0) }
        result.error = answer.error.map { normalize($0) }
        return result
    }

    private mutating func normalize(_ line: String) -> String {
        var line = root.isEmpty ? line : line.replacing(root, with: "<root>")
        line.replace(
            /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/, with: "<uuid>")
        line.replace(
            /[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z| ?[+-][0-9]{4})?/,
            with: "<time>")
        line.replace(
            /[A-Z][a-z]{2} [A-Z][a-z]{2} [ 0-9]?[0-9] [0-9]{2}:[0-9]{2}:[0-9]{2} [0-9]{4} [+-][0-9]{4}/,
            with: "<time>")
        line.replace(/\b[0-9]+(\.[0-9]+)? ?(ms|s)\b/, with: "<duration>")
        var numbered = ""
        var rest = line[...]
        while let match = rest.firstMatch(of: /\b[0-9a-f]{7,64}\b/) {
            numbered += rest[..<match.range.lowerBound]
            numbered += "<id \(number(of: String(match.output)))>"
            rest = rest[match.range.upperBound...]
        }
        return numbered + rest
    }

    private mutating func number(of id: String) -> Int {
        if let known = ids.firstIndex(where: { $0.hasPrefix(id) || id.hasPrefix($0) }) {
            if id.count > ids[known].count { ids[known] = id }
            return known + 1
        }
        ids.append(id)
        return ids.count
    }
}
