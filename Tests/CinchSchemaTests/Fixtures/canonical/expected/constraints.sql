CREATE TABLE checks (
    a,
    b,
    "key",
    CHECK (a NOT NULL AND b NOTNULL OR a ISNULL),
    CHECK (a BETWEEN 1 AND 5 AND b NOT IN (1, 2, 3)),
    CHECK (a IS NOT b),
    CHECK (a LIKE 'x%' ESCAPE '\'),
    CHECK (CASE WHEN a THEN b ELSE 0 END),
    CHECK (typeof(a) == 'integer' OR b != 'it''s'),
    CHECK (checks.a > 0),
    CHECK (checks.b > 0),
    CHECK (CAST(a AS text) GLOB '[a-z]*'),
    CHECK (a ->> '$.x' IS NOT NULL AND a -> '$' NOT LIKE '%'),
    CHECK ("KEY" > 0 AND "key" > 0 AND "KEY" > 0),
    CHECK (a <> -1 AND a - -1 > 0 AND a > -1),
    CHECK (a COLLATE nocase = 'x' COLLATE nocase),
    CHECK (rowid > 0),
    CHECK ((a, b) > (1, 2))
);

CREATE TABLE checks_conflict (
    a,
    CHECK (a > 0) ON CONFLICT IGNORE
);

CREATE TABLE child (
    p INT REFERENCES parent,
    q INT REFERENCES parent (id) ON DELETE CASCADE ON UPDATE SET NULL,
    r INT REFERENCES parent (id) MATCH "FULL" DEFERRABLE INITIALLY DEFERRED,
    s INT REFERENCES parent (id) NOT DEFERRABLE INITIALLY IMMEDIATE,
    x TEXT,
    y TEXT,
    t INT CONSTRAINT fk REFERENCES parent (id) ON DELETE NO ACTION ON UPDATE RESTRICT MATCH SIMPLE,
    FOREIGN KEY (x, y) REFERENCES parent (a, b) ON DELETE CASCADE DEFERRABLE,
    CONSTRAINT named_fk FOREIGN KEY (y) REFERENCES nowhere NOT DEFERRABLE INITIALLY DEFERRED
);

CREATE TABLE keys (
    a,
    b,
    c,
    PRIMARY KEY (a COLLATE NOCASE DESC, b) ON CONFLICT FAIL,
    UNIQUE (b, c COLLATE RTRIM) ON CONFLICT ABORT,
    UNIQUE (c)
);

CREATE TABLE later (
    a INT REFERENCES parent DEFERRABLE INITIALLY DEFERRED,
    b INT,
    c INT REFERENCES parent DEFERRABLE
);

CREATE TABLE no_commas (
    a INT,
    b INT,
    UNIQUE (a),
    CHECK (a < b),
    CONSTRAINT n CHECK (b < 100),
    PRIMARY KEY (b)
);

CREATE TABLE parent (
    id INTEGER PRIMARY KEY,
    a TEXT,
    b TEXT,
    UNIQUE (a, b)
);

CREATE TABLE table_autoinc (
    id INTEGER,
    v,
    PRIMARY KEY (id AUTOINCREMENT)
);
