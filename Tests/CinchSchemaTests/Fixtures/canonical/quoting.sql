CREATE TABLE [brackets and "more"] ([a b] TEXT, `tick``ed` INT, "dou""ble" REAL, 'single' BLOB);
create table 'single quoted' ('a' integer primary key, "select" text, group_ text, key text, "Order" int);
CREATE TABLE "new
line" ("a
b" TEXT, "sl/ash" TEXT, "100%" INT, ".dot" INT, "-- no comment" INT, "/* nor this */" INT);
CREATE TABLE "naïve Ünïcode" (größe TEXT, "空 白" INT, 日本 TEXT);
CREATE TABLE keywords (abort, action, after, always, analyze, asc, attach, before, begin, by,
  cascade, cast, column, conflict, current, database, deferred, desc, detach, do, each, end,
  exclude, exclusive, explain, fail, filter, first, following, for, generated, glob, groups, "if",
  ignore, immediate, initially, instead, key, last, like, match, materialized, no, nulls, of,
  offset, others, over, partition, plan, pragma, preceding, query, raise, range, recursive, regexp,
  reindex, release, rename, replace, "restrict", rollback, row, rows, savepoint, temp, temporary,
  ties, trigger, unbounded, vacuum, view, virtual, "window", "with", within, "without", cross, full,
  inner, left, natural, outer, right, indexed);
