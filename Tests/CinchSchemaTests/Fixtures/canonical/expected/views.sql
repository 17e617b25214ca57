CREATE TABLE t (
    a TEXT,
    b INT,
    c REAL
);

CREATE TABLE u (
    id INTEGER PRIMARY KEY,
    t_a TEXT
);

CREATE VIEW cases AS
SELECT CASE a WHEN 1 THEN 'one' ELSE CASE WHEN b THEN 'n' END END AS word
FROM t;

CREATE VIEW compound AS
SELECT a
FROM t
UNION
SELECT t_a
FROM u
EXCEPT
SELECT 'x'
INTERSECT
SELECT DISTINCT a
FROM t;

CREATE VIEW cte AS
WITH RECURSIVE counter(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counter WHERE n < 3), other AS NOT MATERIALIZED (SELECT * FROM t) SELECT n, (SELECT count(*) FROM other)
FROM counter;

CREATE VIEW distinct_from AS
SELECT a IS NOT DISTINCT FROM b, a IS DISTINCT FROM b AS d
FROM t
WHERE a IS NOT DISTINCT FROM 'x';

CREATE VIEW full_joins AS
SELECT a
FROM t FULL OUTER JOIN u ON a = u.t_a RIGHT JOIN u AS r ON r.id = b;

CREATE VIEW joins AS
SELECT t.a AS ta, u.id
FROM t LEFT OUTER JOIN u ON u.t_a = t.a NATURAL JOIN (SELECT 1 AS one) CROSS JOIN t AS t2 INNER JOIN u AS u2 USING (id)
WHERE EXISTS (SELECT 1 FROM u WHERE u.id = t.b);

CREATE VIEW minus AS
SELECT 1 - -1 AS m, - -1 AS n, b - -b AS o, -(-1) AS p
FROM t;

CREATE VIEW named (x, "y z") AS
SELECT a, b
FROM t;

CREATE VIEW nested AS
SELECT x
FROM (SELECT a || b AS x, count(*) FROM t GROUP BY 1) AS s
WHERE x NOT LIKE '%!%%' ESCAPE '!';

CREATE VIEW plain AS
SELECT a, b
FROM t
WHERE b > 1
ORDER BY a DESC
LIMIT 5 OFFSET 2;

CREATE VIEW star AS
SELECT *, t.*
FROM t, u;

CREATE VIEW texts AS
SELECT a || b AS "a||b", a || b, count(*) AS "count( * )", max(a, b) AS "max(a , b)", lower(a) AS l, upper(a) up, 1 + 1 AS "1+  1", -1, -1 AS "- 1", 'str', "a", b, c, (a), t.a, t.b, x'00', NULL, b IS NULL AS "b  IS  NULL", CASE WHEN b THEN 1 ELSE 2 END AS "case when b then 1 else 2 end"
FROM t
GROUP BY a, b, c;

CREATE VIEW "vi""ew" AS
VALUES (1, 'x'), (2, "y");

CREATE VIEW windowed AS
SELECT a, row_number() OVER (PARTITION BY a ORDER BY b DESC) AS n, sum(b) FILTER (WHERE b > 0) OVER w AS s, lag(b, 1, 0) OVER (w ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW EXCLUDE TIES) p
FROM t WINDOW w AS (PARTITION BY a ORDER BY b ASC NULLS LAST);
