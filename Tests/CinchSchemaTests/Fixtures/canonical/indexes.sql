CREATE TABLE t (a TEXT, b INT, "c d" REAL, key TEXT);
CREATE INDEX plain ON t (a, b DESC, "c d" ASC);
CREATE UNIQUE INDEX IF NOT EXISTS partial ON t (a COLLATE NOCASE) WHERE b IS NOT NULL AND a <> "none";
CREATE INDEX "ex""pr" ON "t" (lower(a), b + 1 DESC, (a || b) COLLATE NOCASE, [key], `a`, 'b');
create index main.qualified on t(abs(b) desc) where "c d" > 1e3 or key in ('x', "y");
CREATE INDEX string_term ON t ("no such column", a);
