CREATE VIRTUAL TABLE docs USING fts5(title, body, tokenize = 'porter ascii', prefix='2 3');
CREATE VIRTUAL TABLE IF NOT EXISTS "geo index" USING rtree (id, minX, maxX, +label TEXT);
CREATE VIRTUAL TABLE "old" USING FTS4 (a, tokenize=unicode61 "remove_diacritics=1");
