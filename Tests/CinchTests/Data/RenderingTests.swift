import Cinch
import Testing

@Suite struct RenderingTests {
    private let result = QueryResult(
        columns: [
            .init(name: "id", declaredType: "INTEGER"), .init(name: "name"), .init(name: "ok"),
            .init(name: "id"),
        ],
        rows: [[1, "Ada", true, nil], [20, "日本\n\u{1B}[31m\u{202E}", false, .blob([10, 255])]],
        truncated: true)

    @Test func tablesAreAlignedAndHarmless() {
        #expect(
            TableRendering.render(result) == """
                id  name                      ok     id
                --  ------------------------  -----  -------
                 1  Ada                       true   NULL
                20  日本\\n\\u{1B}[31m\\u{202E}  false  x'0AFF'
                (2 rows, more left out)

                """)
        #expect(TableRendering.render(QueryResult(changes: 1)) == "1 row changed\n")
        let empty = QueryResult(columns: [.init(name: "a\tb")])
        #expect(TableRendering.render(empty) == "a\\tb\n----\n(0 rows)\n")
    }

    @Test func csvKeepsNullAndEmptyApart() {
        let result = QueryResult(
            columns: [.init(name: "a,b"), .init(name: "c")],
            rows: [[nil, ""], ["say \"hi\"", "two\nlines"], [true, 1.5], [.blob([1]), " x"]])
        #expect(
            CSVRendering.render(result)
                == "\"a,b\",c\r\n,\"\"\r\n\"say \"\"hi\"\"\",\"two\nlines\"\r\n1,1.5\r\n01,\" x\"\r\n"
        )
        #expect(
            CSVRendering.render(QueryResult(columns: [.init(name: "a")], rows: [[nil]]))
                == "a\r\n\"\"\r\n")
    }

    @Test func jsonKeepsOrderAndEveryColumn() {
        #expect(result.jsonRows[0].text() == #"{"id":1,"name":"Ada","ok":true,"id_2":null}"#)
        let clash = QueryResult(columns: ["id", "id", "id_2", "id"].map { .init(name: $0) })
        #expect(clash.keys == ["id", "id_3", "id_2", "id_4"])
        #expect(
            JSONRendering.document(QueryResult(columns: [.init(name: "n")], rows: [[1]])).text()
                == #"{"version":1,"columns":[{"name":"n","type":null}],"rows":[{"n":1}],"changes":0,"truncated":false}"#
        )
    }
}
