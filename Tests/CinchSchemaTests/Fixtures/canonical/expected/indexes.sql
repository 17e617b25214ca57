CREATE TABLE t (
    a TEXT,
    b INT,
    "c d" REAL,
    "key" TEXT
);

CREATE INDEX "ex""pr" ON t (lower(a), b + 1 DESC, (a || b) COLLATE NOCASE, "key", a, b);

CREATE UNIQUE INDEX partial ON t (a COLLATE NOCASE) WHERE b IS NOT NULL AND a <> 'none';

CREATE INDEX plain ON t (a, b DESC, "c d");

CREATE INDEX qualified ON t (abs(b) DESC) WHERE "c d" > 1e3 OR "key" IN ('x', 'y');

CREATE INDEX string_term ON t ("no such column", a);
