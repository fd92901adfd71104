/** Statements of SQLite, written with the manual's pages and without a look at the rules or at other cases. */

/** A library that lends books. */
export const library = `CREATE TABLE branch (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, city TEXT);
CREATE TABLE member (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL,
  email TEXT UNIQUE,
  branch_id INTEGER REFERENCES branch (id),
  joined TEXT NOT NULL DEFAULT (date('now')),
  notes TEXT,
  initials TEXT GENERATED ALWAYS AS (substr(name, 1, 2)) VIRTUAL
);
CREATE TABLE book (
  isbn TEXT PRIMARY KEY,
  title TEXT NOT NULL,
  author TEXT,
  year INTEGER CHECK (year > 1400),
  shelf TEXT,
  summary TEXT
) WITHOUT ROWID;
CREATE TABLE loan (
  id INTEGER PRIMARY KEY,
  member_id INTEGER NOT NULL REFERENCES member (id) ON DELETE CASCADE,
  isbn TEXT NOT NULL REFERENCES book (isbn),
  taken TEXT NOT NULL,
  back TEXT,
  fee REAL DEFAULT 0
);
CREATE TABLE reading (at INTEGER NOT NULL, sensor TEXT NOT NULL, value REAL, raw ANY, filler TEXT) STRICT;
CREATE TABLE audit (what TEXT, at TEXT DEFAULT CURRENT_TIMESTAMP, detail TEXT);
CREATE INDEX loan_member ON loan (member_id);
CREATE INDEX book_author ON book (author COLLATE NOCASE);
CREATE INDEX loan_open ON loan (isbn) WHERE back IS NULL;
CREATE INDEX member_lower ON member (lower(name));
CREATE VIEW open_loan AS SELECT l.id, m.name, l.isbn FROM loan l JOIN member m ON m.id = l.member_id WHERE l.back IS NULL;
CREATE VIEW shelf_count AS SELECT shelf, count(*) AS n FROM book GROUP BY shelf;
CREATE TRIGGER loan_audit AFTER INSERT ON loan BEGIN INSERT INTO audit (what, detail) VALUES ('loan', new.isbn); END;
CREATE TRIGGER loan_back AFTER UPDATE OF back ON loan WHEN new.back IS NOT NULL BEGIN UPDATE loan SET fee = 0 WHERE id = new.id; END;
CREATE TRIGGER member_gone BEFORE DELETE ON member BEGIN DELETE FROM loan WHERE member_id = old.id; END;
`;

export const libraryRows = `WITH n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1500) INSERT INTO branch SELECT i, 'branch ' || i || hex(zeroblob(150)), 'x' FROM n;
WITH n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1500) INSERT INTO member (id, name, email, branch_id, notes) SELECT i, 'name ' || i, i || '@x', i, hex(zeroblob(150)) FROM n;
WITH n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1500) INSERT INTO book SELECT 'isbn' || i || hex(zeroblob(120)), 'title', 'author ' || i % 7, 1900, 'A' || i % 20, hex(zeroblob(150)) FROM n;
WITH n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1500) INSERT INTO loan (id, member_id, isbn, taken) SELECT i, i, 'isbn' || i || hex(zeroblob(120)), hex(zeroblob(150)) FROM n;
WITH n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1500) INSERT INTO reading SELECT i, 's', 1.5, 2, hex(zeroblob(150)) FROM n;
WITH n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1500) INSERT INTO audit (what, detail) SELECT 'x', hex(zeroblob(150)) FROM n;
`;

export const statements: readonly string[] = [
  "ALTER TABLE member ADD COLUMN phone TEXT",
  "ALTER TABLE member ADD COLUMN level INTEGER NOT NULL DEFAULT 1",
  "ALTER TABLE member ADD COLUMN level INTEGER NOT NULL",
  "ALTER TABLE member ADD COLUMN card TEXT UNIQUE",
  "ALTER TABLE member ADD COLUMN pk INTEGER PRIMARY KEY",
  "ALTER TABLE member ADD COLUMN seen TEXT DEFAULT CURRENT_TIMESTAMP",
  "ALTER TABLE member ADD COLUMN token BLOB DEFAULT (randomblob(16))",
  "ALTER TABLE member ADD COLUMN email TEXT",
  "ALTER TABLE member ADD COLUMN upper_name TEXT GENERATED ALWAYS AS (upper(name)) VIRTUAL",
  "ALTER TABLE member ADD COLUMN upper_name TEXT GENERATED ALWAYS AS (upper(name)) STORED",
  "ALTER TABLE member ADD COLUMN age INTEGER CHECK (age >= 0)",
  "ALTER TABLE book ADD COLUMN pages INTEGER",
  "ALTER TABLE book ADD COLUMN pages INTEGER NOT NULL DEFAULT 0 CHECK (pages > 0)",
  "ALTER TABLE reading ADD COLUMN unit VARCHAR(10)",
  "ALTER TABLE reading ADD COLUMN unit TEXT DEFAULT 'C'",
  "ALTER TABLE reading ADD COLUMN n INTEGER DEFAULT 'many'",
  "ALTER TABLE loan ADD COLUMN branch_id INTEGER REFERENCES branch (id)",
  "ALTER TABLE loan ADD COLUMN branch_id INTEGER DEFAULT 1 REFERENCES branch (id)",
  "ALTER TABLE loan ADD COLUMN city TEXT REFERENCES branch (city)",
  "ALTER TABLE visitor ADD COLUMN a",
  "ALTER TABLE member DROP COLUMN notes",
  "ALTER TABLE member DROP COLUMN email",
  "ALTER TABLE member DROP COLUMN id",
  "ALTER TABLE member DROP COLUMN initials",
  "ALTER TABLE member DROP COLUMN name",
  "ALTER TABLE member DROP COLUMN branch_id",
  "ALTER TABLE book DROP COLUMN author",
  "ALTER TABLE book DROP COLUMN year",
  "ALTER TABLE book DROP COLUMN shelf",
  "ALTER TABLE book DROP COLUMN summary",
  "ALTER TABLE loan DROP COLUMN back",
  "ALTER TABLE loan DROP COLUMN fee",
  "ALTER TABLE loan DROP COLUMN taken, DROP COLUMN fee",
  "ALTER TABLE audit DROP COLUMN detail",
  "ALTER TABLE audit DROP COLUMN gone",
  "ALTER TABLE reading DROP COLUMN filler",
  "ALTER TABLE member RENAME COLUMN name TO full_name",
  "ALTER TABLE member RENAME COLUMN name TO email",
  "ALTER TABLE loan RENAME TO lending",
  "ALTER TABLE loan RENAME TO member",
  "ALTER TABLE open_loan RENAME TO current_loan",
  "ALTER TABLE loan_member RENAME TO x",
  "ALTER TABLE loan ALTER COLUMN fee TYPE INTEGER",
  "ALTER TABLE loan ALTER COLUMN fee SET NOT NULL",
  "ALTER TABLE loan ALTER COLUMN taken DROP NOT NULL",
  "ALTER TABLE loan ADD CONSTRAINT fee_positive CHECK (fee >= 0)",
  "ALTER TABLE loan ADD CONSTRAINT one UNIQUE (isbn)",
  "ALTER TABLE loan ADD FOREIGN KEY (isbn) REFERENCES book (isbn)",
  "CREATE INDEX loan_taken ON loan (taken)",
  "CREATE INDEX loan_member ON loan (taken)",
  "CREATE INDEX IF NOT EXISTS loan_member ON loan (taken)",
  "CREATE INDEX CONCURRENTLY loan_taken ON loan (taken)",
  "CREATE INDEX loan_now ON loan (taken) WHERE taken > date('now')",
  "CREATE INDEX loan_len ON loan (length(taken), abs(fee))",
  "CREATE INDEX member_i ON member (initials)",
  "CREATE INDEX x ON open_loan (name)",
  "CREATE UNIQUE INDEX book_title ON book (title)",
  "CREATE UNIQUE INDEX loan_id2 ON loan (id, isbn)",
  "DROP INDEX loan_member",
  "DROP INDEX sqlite_autoindex_member_1",
  "DROP INDEX nothing",
  "DROP TABLE audit",
  "DROP TABLE book",
  "DROP TABLE member",
  "DROP TABLE branch",
  "DROP TABLE IF EXISTS nothing",
  "DROP TABLE open_loan",
  "DROP VIEW open_loan",
  "DROP TRIGGER loan_audit",
  "REINDEX loan_member",
  "REINDEX",
  "VACUUM",
  "ANALYZE",
  "ANALYZE loan",
  "UPDATE loan SET fee = 1",
  "UPDATE loan SET fee = 1 WHERE id = 7",
  "UPDATE loan SET fee = 1 WHERE taken < '2020'",
  "UPDATE loan SET fees = 1",
  "DELETE FROM audit",
  "DELETE FROM audit WHERE at < '2020'",
  "INSERT INTO audit (what) SELECT name FROM member",
  "INSERT INTO member (name, initials) VALUES ('a', 'b')",
  "INSERT INTO member (email) VALUES ('a')",
  "INSERT INTO reading VALUES (1, 's', 'warm', 1, 'x')",
  "CREATE TABLE loan_2024 AS SELECT * FROM loan WHERE taken LIKE '2024%'",
  "CREATE TABLE fine (id INTEGER PRIMARY KEY, loan_id INTEGER REFERENCES loan)",
  "CREATE TABLE fine (id SERIAL PRIMARY KEY, at TIMESTAMP DEFAULT now())",
  "CREATE TABLE fine (id INTEGER PRIMARY KEY, a JSONB) STRICT",
  "CREATE TABLE fine (name TEXT) WITHOUT ROWID",
  "CREATE TABLE fine (id INTEGER, PRIMARY KEY (id), PRIMARY KEY (id))",
  "CREATE TABLE loan (id INTEGER)",
  "CREATE VIEW late AS SELECT * FROM loan WHERE due < date('now')",
  "CREATE TRIGGER t AFTER INSERT ON book BEGIN INSERT INTO audit (whom) VALUES (new.isbn); END",
  "CREATE TRIGGER t INSTEAD OF INSERT ON book BEGIN SELECT 1; END",
  "TRUNCATE TABLE audit",
  "COMMENT ON TABLE audit IS 'x'",
  "CREATE SEQUENCE s",
  "SET foreign_key_checks = 0",
];
