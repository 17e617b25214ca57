CREATE TABLE commented (
    a INT NOT NULL,
    b TEXT,
    c ANY DEFAULT 5
) STRICT;

CREATE INDEX commented_index ON commented (a, b) WHERE a > 0;
