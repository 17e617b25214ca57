import Cinch
import CinchGit

/// Prints queries, and what became of those of a branch.
enum QueryCheckOutput {
    static func print(_ change: QueryChange, skipped: Int, json isJSON: Bool) throws {
        if isJSON {
            let list = { (queries: [StoredQuery]) in JSONValue.array(queries.map(json)) }
            let commit = change.publication?.commit.hex
            Console.print(json: [
                .init("commit", commit.map { .string($0) } ?? .null),
                .init("added", list(change.added)), .init("removed", list(change.removed)),
                .init("moved", list(change.moved)), .init("skipped", .integer(Int64(skipped))),
            ])
        } else if let publication = change.publication {
            let counts = [
                (change.added.count, "added"), (change.removed.count, "removed"),
                (change.moved.count, "at other places"),
            ].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
            Console.print(
                "[\(publication.branch) \(publication.commit.abbreviated())] queries: "
                    + counts.joined(separator: ", "))
            for query in change.added { Console.print("  + \(line(query))") }
            for query in change.removed { Console.print("  - \(line(query))") }
        } else {
            Console.print("No query has changed")
        }
        if skipped > 0, !isJSON {
            Console.note(
                "note: \(skipped) statement\(skipped == 1 ? "" : "s") passed over: put together at run"
                    + " time, or not SQLite's")
        }
        if !isJSON, let report = change.publication?.rollout { PublicationOutput.print(report) }
        try PublicationOutput.finish(change.publication?.rollout)
    }

    static func line(_ query: StoredQuery) -> String {
        let places = query.places.map(\.description).joined(separator: ", ")
        let sql = query.sql.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return TerminalSafe.text("\(query.name)  \(places.isEmpty ? "" : places + "  ")\(sql)")
    }

    static func json(_ query: StoredQuery) -> JSONValue {
        .object([
            .init("name", .string(query.name)), .init("sql", .string(query.sql)),
            .init(
                "places",
                .array(
                    query.places.map { place in
                        .object([
                            .init("file", .string(place.file)),
                            .init("line", .integer(Int64(place.line))),
                        ])
                    })),
        ])
    }
}
