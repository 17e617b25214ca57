import CinchSchema
import CinchSite
import Foundation
import Testing

@Suite("Diagrams")
struct DiagramTests {
    static let shop = """
        CREATE TABLE customers (id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE);
        CREATE TABLE orders (
            id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customers,
            parent INTEGER REFERENCES orders (id), total DECIMAL(10, 2) DEFAULT 0
        );
        CREATE TABLE profiles (customer_id INTEGER PRIMARY KEY REFERENCES customers (id), bio);
        CREATE TABLE lines (
            order_id INTEGER, no INTEGER, sku TEXT, PRIMARY KEY (order_id, no),
            FOREIGN KEY (order_id) REFERENCES orders (id)
        ) WITHOUT ROWID;
        CREATE TABLE returns (o INTEGER, n INTEGER, FOREIGN KEY (o, n) REFERENCES lines);
        CREATE INDEX orders_total ON orders (total DESC, lower(id)) WHERE total > 0;
        """

    static func schema(_ sql: String) throws -> Schema {
        var statements: [Statement] = []
        for text in sql.split(separator: ";\n") {
            statements.append(try Statement(parsing: String(text)))
        }
        return try Schema(statements: statements)
    }

    /// Tables with names that mean something in one of the languages.
    static let odd: Schema = {
        var schema = Schema()
        let names = [
            "a \"b\" 'c' `d` \\", "%41; <i> & #35;", "日本語の表", "line\nfeed\ttab", "", "PK", "]]>",
            "// note", "}", "\u{202E}left", "\u{0}nul", "👩‍👩‍👧 family",
            String(repeating: "very_long_", count: 40), "title", "{", "<!--", "\\\"",
        ]
        for (place, name) in names.enumerated() {
            var id = Column(name: "id", declaredType: "INTEGER")
            id.primaryKey = Constraint(Column.PrimaryKey())
            var reference = Column(
                name: Identifier(name + "_"), declaredType: "a \"type\" <\(name)>")
            reference.references = [
                Constraint(
                    ForeignKey(parent: Identifier(names[(place + 1) % names.count])))
            ]
            let odd = Column(name: Identifier(name), declaredType: name)
            schema.tables.insert(
                Table(name: Identifier(name), columns: [id, reference, odd]))
        }
        return schema
    }()

    static let wide: Schema = {
        var schema = Schema()
        let columns = (0..<200).map { Column(name: Identifier("c\($0)"), declaredType: "TEXT") }
        schema.tables.insert(Table(name: "wide", columns: columns))
        return schema
    }()

    @Test func mermaidSaysKeysAndHowMany() throws {
        #expect(
            MermaidDiagram.text(try Self.schema(Self.shop)) == """
                erDiagram
                    "customers" {
                        INTEGER id PK
                        TEXT email UK
                    }
                    "lines" {
                        INTEGER order_id PK, FK
                        INTEGER no PK
                        TEXT sku
                    }
                    "orders" {
                        INTEGER id PK
                        INTEGER customer_id FK
                        INTEGER parent FK
                        DECIMAL(10__2) total
                    }
                    "profiles" {
                        INTEGER customer_id PK, FK
                        any bio
                    }
                    "returns" {
                        INTEGER o FK
                        INTEGER n FK
                    }
                    "orders" ||--o{ "lines" : "order_id"
                    "customers" ||--o{ "orders" : "customer_id"
                    "orders" |o--o{ "orders" : "parent"
                    "customers" ||--o| "profiles" : "customer_id"
                    "lines" |o--o{ "returns" : "o, n"

                """)
    }

    @Test func mermaidSpellsColumnsInItsOwnLetters() throws {
        let text = MermaidDiagram.text(
            try Self.schema(
                "CREATE TABLE t (pk \"fk(1)\", \"é ~x~ 100%\" \"UK\", \"1st\" TEXT, pkg TEXT)"))
        #expect(
            text == """
                erDiagram
                    "t" {
                        _fk(1)_ _pk "pk"
                        _UK_ ___x__100_ "é #126;x#126; 100#37;"
                        TEXT _1st "1st"
                        TEXT pkg
                    }

                """)
    }

    @Test func dbmlSaysKeysIndexesAndReferences() throws {
        #expect(
            DBMLDiagram.text(try Self.schema(Self.shop)) == """
                Table "customers" {
                  "id" "INTEGER" [pk]
                  "email" "TEXT" [not null, unique]
                }

                Table "lines" {
                  "order_id" "INTEGER"
                  "no" "INTEGER"
                  "sku" "TEXT"

                  indexes {
                    ("order_id", "no") [pk]
                  }
                }

                Table "orders" {
                  "id" "INTEGER" [pk]
                  "customer_id" "INTEGER" [not null]
                  "parent" "INTEGER"
                  "total" "DECIMAL(10, 2)" [default: `0`]

                  indexes {
                    ("total", `lower(id)`) [name: 'orders_total', note: 'WHERE total > 0']
                  }
                }

                Table "profiles" {
                  "customer_id" "INTEGER" [pk]
                  "bio" "any"
                }

                Table "returns" {
                  "o" "INTEGER"
                  "n" "INTEGER"
                }

                Ref: "lines"."order_id" > "orders"."id"
                Ref: "orders"."customer_id" > "customers"."id"
                Ref: "orders"."parent" > "orders"."id"
                Ref: "profiles"."customer_id" - "customers"."id"
                Ref: "returns".("o", "n") > "lines".("order_id", "no")

                """)
    }

    @Test func dotHasANodeForEachTableAndAnEdgeForEachKey() throws {
        let text = DOTDiagram.text(try Self.schema(Self.shop))
        #expect(text.components(separatedBy: " [label=<").count - 1 == 5)
        #expect(text.contains("t2:k1 -> t0:k0 [arrowtail=crowodot, arrowhead=teetee]"))
        #expect(text.contains("t3:k0 -> t0:k0 [arrowtail=teeodot, arrowhead=teetee]"))
    }

    @Test func aParentThatIsNotThereIsDrawnAsSuch() throws {
        let schema = try Self.schema("CREATE TABLE a (b REFERENCES nowhere)")
        #expect(DOTDiagram.text(schema).contains("style=dashed"))
        #expect(DBMLDiagram.text(schema).contains("// a.b → nowhere"))
        #expect(MermaidDiagram.text(schema).contains("\"nowhere\" |o--o{ \"a\""))
        #expect(MarkupCheck.faults(in: SVGDiagram(schema).file) == [])
    }

    @Test(arguments: ["odd", "wide", "empty"])
    func picturesAreWellFormedWhateverTheNames(_ kind: String) throws {
        let schema = kind == "odd" ? Self.odd : kind == "wide" ? Self.wide : Schema()
        let file = SVGDiagram(schema).file
        #expect(MarkupCheck.faults(in: file) == [])
        #expect(file == SVGDiagram(schema).file)
    }

    @Test func noLineOfATextIsBrokenByAName() {
        let count = Self.odd.tables.count
        let mermaid = MermaidDiagram.text(Self.odd).split(separator: "\n")
        #expect(mermaid.count == 1 + count * 5 + count)
        #expect(
            mermaid.allSatisfy { $0.count(where: { $0 == "\"" }) % 2 == 0 }, "quotes come in pairs")
        let dbml = DBMLDiagram.text(Self.odd)
        #expect(dbml.components(separatedBy: "\nRef: ").count - 1 == count)
    }

    @Test func columnsBeyondWhatCanBeReadAreCounted() {
        let file = SVGDiagram(Self.wide).file
        #expect(file.contains("… 170 more columns"))
        #expect(file.contains("c199"))
    }

    /// Chains, stars, cycles, tables that refer to themselves, and tables alone.
    static func graph(_ seed: UInt64) -> Schema {
        var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
        func random(_ limit: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(limit))
        }
        var schema = Schema()
        let count = 2 + random(60)
        for number in 0..<count {
            var id = Column(name: "id", declaredType: "INTEGER")
            id.primaryKey = Constraint(Column.PrimaryKey())
            var columns = [id]
            for place in 0..<random(12) {
                var column = Column(name: Identifier("c\(place)"), declaredType: "TEXT")
                if random(4) == 0 {
                    column.references = [
                        Constraint(ForeignKey(parent: Identifier("t\(random(count))")))
                    ]
                }
                columns.append(column)
            }
            schema.tables.insert(Table(name: Identifier("t\(number)"), columns: columns))
        }
        return schema
    }

    @Test(arguments: Array(1...40) as [UInt64])
    func noBoxTouchesAnotherAndAllAreInThePicture(_ seed: UInt64) throws {
        let schema = Self.graph(seed)
        let picture = SVGDiagram(schema)
        var boxes: [(x: Double, y: Double, width: Double, height: Double)] = []
        for match in picture.file.matches(
            of:
                /translate\(([\d.-]+) ([\d.-]+)\)"><rect class="b" width="([\d.]+)" height="([\d.]+)"/
        ) {
            let numbers = [match.1, match.2, match.3, match.4].compactMap { Double($0) }
            try #require(numbers.count == 4)
            boxes.append((numbers[0], numbers[1], numbers[2], numbers[3]))
        }
        #expect(boxes.count == schema.tables.count)
        for (place, box) in boxes.enumerated() {
            #expect(box.x >= 0 && box.y >= 0)
            #expect(box.x + box.width <= Double(picture.size.width))
            #expect(box.y + box.height <= Double(picture.size.height))
            for other in boxes[(place + 1)...] {
                let isApart =
                    box.x + box.width < other.x || other.x + other.width < box.x
                    || box.y + box.height < other.y || other.y + other.height < box.y
                #expect(isApart)
            }
        }
    }
}
