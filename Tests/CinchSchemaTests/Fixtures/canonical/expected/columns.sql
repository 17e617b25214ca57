CREATE TABLE autoinc (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    v
);

CREATE TABLE both_ (
    k TEXT,
    v ANY,
    PRIMARY KEY (k)
) STRICT, WITHOUT ROWID;

CREATE TABLE dangling (
    a INT CONSTRAINT second NOT NULL,
    b TEXT,
    CONSTRAINT y UNIQUE (a)
);

CREATE TABLE demands (
    a INTEGER NOT NULL ON CONFLICT IGNORE UNIQUE ON CONFLICT REPLACE,
    b TEXT,
    c TEXT NOT NULL DEFAULT '' CHECK (length(c) < 10) CHECK (c <> 'x') COLLATE NOCASE,
    d TEXT UNIQUE COLLATE RTRIM,
    e INT PRIMARY KEY DESC ON CONFLICT ROLLBACK
);

CREATE TABLE descending (
    id INTEGER PRIMARY KEY DESC,
    v
);

CREATE TABLE generated_ (
    a INT,
    b INT GENERATED ALWAYS AS (a * 2) STORED,
    c GENERATED ALWAYS AS (a + b) VIRTUAL,
    d TEXT NOT NULL GENERATED ALWAYS AS (upper(a)) VIRTUAL,
    e INT CHECK (e > 0) GENERATED ALWAYS AS (a << 2 | 1) VIRTUAL
);

CREATE TABLE keyed (
    k TEXT PRIMARY KEY,
    v
) WITHOUT ROWID;

CREATE TABLE literals (
    a DEFAULT 1,
    b DEFAULT -1,
    c DEFAULT +1.5e3,
    d DEFAULT 'it''s',
    e DEFAULT NULL,
    f DEFAULT TRUE,
    g DEFAULT x'ff',
    h DEFAULT x'AB',
    i DEFAULT 0xFf,
    j DEFAULT CURRENT_TIMESTAMP,
    k DEFAULT "dq",
    l DEFAULT (1 + 2),
    m DEFAULT (lower('X')),
    n DEFAULT word,
    o DEFAULT .5,
    p DEFAULT 1.,
    q DEFAULT -7,
    r DEFAULT (- -1),
    s DEFAULT (-(-1)),
    t DEFAULT ((1)),
    u DEFAULT CURRENT_DATE,
    v DEFAULT '',
    w DEFAULT (1 - -1),
    y DEFAULT (~-+1)
);

CREATE TABLE named (
    a INT CONSTRAINT nn NOT NULL CONSTRAINT uq UNIQUE CONSTRAINT "d f" DEFAULT 3 CONSTRAINT ck CHECK (a > 0) CONSTRAINT co COLLATE BINARY
);

CREATE TABLE spaced (
    a VARCHAR (64),
    b VARCHAR(64),
    c DECIMAL(10, 2),
    d DECIMAL( 10,2 ),
    e NUMERIC(- 5,+3),
    f double precision,
    g UNSIGNED BIG INT,
    i "INTEGER",
    j [a  b],
    k "TEXT" (5),
    l "a"b,
    m int GENERATED,
    n Text
);

CREATE TABLE strict_ (
    a INTEGER PRIMARY KEY,
    b TEXT,
    c ANY,
    d REAL,
    e BLOB,
    f INT
) STRICT;

CREATE TABLE typeless (
    a,
    b,
    c
);

CREATE TABLE types (
    a INT,
    b VARCHAR ( 255 ),
    c DECIMAL(10 , 5),
    d UNSIGNED BIG INT,
    e NATIVE CHARACTER(70),
    f "my type",
    g NUMERIC(-5,+3),
    h double precision,
    i BOOLEAN,
    j year(4)
);
