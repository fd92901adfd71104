/** A third sample of statements of SQLite, written when those before were mended. */

/** A newspaper. */
export const library = `CREATE TABLE author (id INTEGER PRIMARY KEY, name TEXT NOT NULL, mail TEXT NOT NULL UNIQUE, bio TEXT, joined INTEGER NOT NULL DEFAULT (unixepoch()));
CREATE TABLE section (slug TEXT PRIMARY KEY NOT NULL, title TEXT NOT NULL, parent TEXT REFERENCES section (slug), pad TEXT) WITHOUT ROWID;
CREATE TABLE article (
  id INTEGER PRIMARY KEY, author_id INTEGER NOT NULL REFERENCES author ON DELETE RESTRICT, section TEXT REFERENCES section (slug) ON UPDATE CASCADE,
  head TEXT NOT NULL, body TEXT, words INTEGER GENERATED ALWAYS AS (length(body)) STORED, status TEXT NOT NULL DEFAULT 'draft', published TEXT,
  CONSTRAINT known_status CHECK (status IN ('draft', 'live', 'gone')), CONSTRAINT has_date CHECK (status <> 'live' OR published IS NOT NULL)
);
CREATE TABLE comment (id INTEGER PRIMARY KEY, article_id INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE, who TEXT, text TEXT NOT NULL, score INT);
CREATE TABLE hit (day TEXT NOT NULL, path TEXT NOT NULL, n INTEGER NOT NULL DEFAULT 1, pad TEXT, PRIMARY KEY (day, path)) STRICT, WITHOUT ROWID;
CREATE TABLE job (id INTEGER PRIMARY KEY, payload BLOB, state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 3), tries INTEGER DEFAULT 0, pad TEXT);
CREATE TABLE flag (name TEXT PRIMARY KEY, on_ INTEGER);
CREATE INDEX article_author ON article (author_id, published);
CREATE INDEX article_live ON article (published) WHERE status = 'live';
CREATE INDEX comment_article ON comment (article_id);
CREATE UNIQUE INDEX article_head ON article (lower(head));
CREATE VIEW live AS SELECT a.id, a.head, u.name FROM article a JOIN author u ON u.id = a.author_id WHERE a.status = 'live';
CREATE VIEW by_section (slug, n) AS SELECT section, count(*) FROM article GROUP BY section;
CREATE VIEW top AS SELECT * FROM by_section ORDER BY n DESC;
CREATE TRIGGER comment_count AFTER INSERT ON comment BEGIN UPDATE article SET published = coalesce(published, date()) WHERE id = new.article_id; END;
CREATE TRIGGER article_job AFTER UPDATE OF status ON article WHEN new.status = 'live' BEGIN INSERT INTO job (payload, state) VALUES (new.id, 0); END;
CREATE TRIGGER author_keep BEFORE DELETE ON author WHEN (SELECT count(*) FROM article WHERE author_id = old.id) > 0 BEGIN SELECT raise(ABORT, 'has articles'); END;
`;

const n = "WITH n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1500)";
export const libraryRows = `${n} INSERT INTO author (id, name, mail, bio) SELECT i, 'a' || i, i || '@x' || hex(zeroblob(80)), hex(zeroblob(150)) FROM n;
${n} INSERT INTO section SELECT 's' || i, 't', NULL, hex(zeroblob(200)) FROM n;
${n} INSERT INTO article (id, author_id, section, head, body) SELECT i, i, 's' || i, 'h' || i || hex(zeroblob(80)), hex(zeroblob(150)) FROM n;
${n} INSERT INTO comment SELECT i, i, 'w', hex(zeroblob(200)), i FROM n;
${n} INSERT INTO hit (day, path, pad) SELECT 'd' || i, 'p', hex(zeroblob(200)) FROM n;
${n} INSERT INTO job (id, state, pad) SELECT i, 1, hex(zeroblob(200)) FROM n;
${n} INSERT INTO flag SELECT 'f' || i || hex(zeroblob(150)), 1 FROM n;
`;

export const statements: readonly string[] = [
  "ALTER TABLE author ADD COLUMN nick TEXT COLLATE NOCASE",
  "ALTER TABLE author ADD COLUMN nick TEXT NOT NULL DEFAULT ''",
  "ALTER TABLE author ADD COLUMN nick TEXT NOT NULL DEFAULT (lower('X'))",
  "ALTER TABLE author ADD COLUMN seen INTEGER DEFAULT CURRENT_TIME",
  "ALTER TABLE author ADD COLUMN boss INTEGER REFERENCES author (id) DEFAULT 1",
  "ALTER TABLE author ADD COLUMN boss INTEGER REFERENCES author (id) DEFAULT NULL",
  "ALTER TABLE author ADD COLUMN boss TEXT REFERENCES author (name)",
  "ALTER TABLE author ADD CHECK (length(name) > 1)",
  "ALTER TABLE author ADD COLUMN age INTEGER CHECK (age > 0 AND name <> '')",
  "ALTER TABLE author ADD COLUMN age INTEGER NOT NULL DEFAULT 0 CHECK (age > 17)",
  "ALTER TABLE hit ADD COLUMN agent TEXT",
  "ALTER TABLE hit ADD COLUMN agent STRING",
  "ALTER TABLE hit ADD COLUMN m INTEGER NOT NULL DEFAULT 1.5",
  "ALTER TABLE section ADD COLUMN n INTEGER AS (length(title)) VIRTUAL",
  "ALTER TABLE section ADD COLUMN n INTEGER AS (length(titel)) VIRTUAL",
  "ALTER TABLE job ADD COLUMN at TEXT AS (datetime('now')) VIRTUAL",
  "ALTER TABLE job ADD COLUMN half INTEGER AS (state / 2) VIRTUAL NOT NULL",
  "ALTER TABLE live ADD COLUMN x TEXT",
  "ALTER TABLE article DROP COLUMN words",
  "ALTER TABLE article DROP COLUMN body",
  "ALTER TABLE article DROP COLUMN section",
  "ALTER TABLE article DROP COLUMN published",
  "ALTER TABLE article DROP COLUMN status",
  "ALTER TABLE author DROP COLUMN bio",
  "ALTER TABLE author DROP COLUMN joined",
  "ALTER TABLE author DROP COLUMN name",
  "ALTER TABLE comment DROP COLUMN score",
  "ALTER TABLE comment DROP COLUMN article_id",
  "ALTER TABLE section DROP COLUMN parent",
  "ALTER TABLE section DROP COLUMN title",
  "ALTER TABLE job DROP COLUMN state",
  "ALTER TABLE job DROP COLUMN payload",
  "ALTER TABLE job DROP COLUMN tries",
  "ALTER TABLE flag DROP COLUMN on_",
  "ALTER TABLE flag DROP COLUMN name",
  "ALTER TABLE author RENAME COLUMN mail TO email",
  "ALTER TABLE article RENAME COLUMN status TO state",
  "ALTER TABLE article RENAME COLUMN nothing TO state",
  "ALTER TABLE author RENAME TO writer",
  "ALTER TABLE author RENAME TO section",
  "ALTER TABLE by_section RENAME TO sections",
  "ALTER TABLE comment ALTER COLUMN who SET NOT NULL",
  "ALTER TABLE comment ALTER COLUMN text DROP NOT NULL",
  "ALTER TABLE comment ALTER COLUMN who SET DEFAULT 'x'",
  "ALTER TABLE article DROP CONSTRAINT has_date",
  "ALTER TABLE article DROP CONSTRAINT nothing",
  "CREATE INDEX comment_who ON comment (who)",
  "CREATE INDEX comment_who ON comment (whom)",
  "CREATE UNIQUE INDEX author_mail ON author (mail, name)",
  "CREATE INDEX job_open ON job (id) WHERE state = 0",
  "CREATE INDEX job_q ON job (id) WHERE state IN (SELECT 1)",
  "CREATE INDEX job_q ON job (?)",
  "CREATE INDEX article_head ON article (head)",
  "DROP INDEX article_live",
  "DROP INDEX live",
  "DROP TABLE job",
  "DROP TABLE comment",
  "DROP TABLE flag",
  "DROP TABLE article",
  "DROP TABLE section",
  "DROP VIEW by_section",
  "DROP VIEW top",
  "DROP TRIGGER nothing",
  "REINDEX article",
  "ANALYZE article",
  "UPDATE article SET words = 3",
  "UPDATE article SET section = 'x' WHERE id IN (1, 2)",
  "UPDATE comment SET score = 0",
  "UPDATE job SET tries = 0 WHERE id BETWEEN 5 AND 9",
  "UPDATE job SET tries = 0 WHERE state = 1",
  "DELETE FROM hit WHERE day = 'd7'",
  "DELETE FROM hit WHERE path = 'p'",
  "DELETE FROM comment",
  "INSERT INTO flag SELECT mail, 1 FROM author",
  "INSERT INTO flag (name, off) VALUES ('b', 1)",
  "INSERT INTO flag VALUES ('b')",
  "INSERT INTO job (id, state) VALUES (9999, 7)",
  "CREATE TABLE tag (id INTEGER PRIMARY KEY, article INTEGER REFERENCES article (head))",
  "CREATE TABLE tag (id INT PRIMARY KEY AUTOINCREMENT)",
  "CREATE TABLE tag (name VARCHAR(20) UNIQUE KEY)",
  "CREATE TABLE tag (a TEXT, b TEXT GENERATED ALWAYS AS (a) STORED PRIMARY KEY)",
  "CREATE TABLE tag AS SELECT DISTINCT status FROM article",
  "CREATE VIEW live AS SELECT 1",
  "CREATE VIEW newest AS SELECT id, made FROM article",
  "CREATE TRIGGER comment_count AFTER DELETE ON comment BEGIN SELECT 1; END",
  "CREATE TRIGGER t AFTER INSERT ON article BEGIN INSERT INTO log VALUES (new.id); END",
  "CREATE TRIGGER t AFTER INSERT ON nothing BEGIN SELECT 1; END",
  "CREATE TRIGGER t AFTER INSERT ON job BEGIN UPDATE job SET trys = 1 WHERE id = new.id; END",
];
