/** More statements of SQLite, written when those of `sqlite-afresh.ts` were mended, and without a look at them. */

/** A shop that repairs bicycles. */
export const library = `CREATE TABLE customer (id INTEGER PRIMARY KEY, name TEXT NOT NULL COLLATE NOCASE, mail TEXT, since DATE, vip BOOLEAN NOT NULL DEFAULT 0 CHECK (vip IN (0, 1)), note TEXT);
CREATE TABLE bike (id INTEGER PRIMARY KEY, owner INTEGER NOT NULL, frame TEXT NOT NULL, colour TEXT, weight REAL, photo TEXT, CONSTRAINT bike_owner FOREIGN KEY (owner) REFERENCES customer (id) ON DELETE CASCADE ON UPDATE CASCADE, CONSTRAINT bike_frame UNIQUE (frame));
CREATE TABLE repair (id INTEGER PRIMARY KEY, bike_id INTEGER REFERENCES bike ON DELETE SET NULL, state TEXT NOT NULL CHECK (state IN ('open', 'done')), hours NUMERIC, rate NUMERIC, cost NUMERIC GENERATED ALWAYS AS (hours * rate) STORED, memo TEXT);
CREATE TABLE part (sku TEXT NOT NULL, vendor TEXT NOT NULL, price REAL NOT NULL, stock INTEGER, sheet TEXT, PRIMARY KEY (vendor, sku)) WITHOUT ROWID;
CREATE TABLE used (repair_id INTEGER NOT NULL REFERENCES repair (id), vendor TEXT, sku TEXT, n INTEGER DEFAULT 1, pad TEXT, FOREIGN KEY (vendor, sku) REFERENCES part (vendor, sku));
CREATE TABLE setting (key TEXT PRIMARY KEY, value ANY) STRICT;
CREATE TABLE log (id INTEGER PRIMARY KEY AUTOINCREMENT, line TEXT, made INTEGER DEFAULT (unixepoch()));
CREATE VIRTUAL TABLE search USING fts5 (name, note);
CREATE UNIQUE INDEX customer_mail ON customer (mail) WHERE mail IS NOT NULL;
CREATE INDEX bike_owner_i ON bike (owner);
CREATE INDEX repair_state ON repair (state, bike_id DESC);
CREATE INDEX log_json ON log (line ->> 'kind');
CREATE VIEW bill AS SELECT r.id, c.name, r.cost FROM repair r JOIN bike b ON b.id = r.bike_id JOIN customer c ON c.id = b.owner;
CREATE VIEW low_stock AS SELECT vendor, sku, stock FROM part WHERE stock < 5;
CREATE TRIGGER customer_search AFTER INSERT ON customer BEGIN INSERT INTO search (name, note) VALUES (new.name, new.note); END;
CREATE TRIGGER used_stock AFTER INSERT ON used BEGIN UPDATE part SET stock = stock - new.n WHERE vendor = new.vendor AND sku = new.sku; END;
CREATE TRIGGER repair_log AFTER UPDATE OF state ON repair BEGIN INSERT INTO log (line) VALUES (json_object('kind', new.state)); END;
CREATE TRIGGER bill_paid INSTEAD OF UPDATE ON bill BEGIN UPDATE repair SET state = 'done' WHERE id = old.id; END;
`;

export const libraryRows = `WITH n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1500) INSERT INTO customer (id, name, mail, note) SELECT i, 'c' || i, i || '@x' || hex(zeroblob(80)), hex(zeroblob(150)) FROM n;
WITH n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1500) INSERT INTO bike (id, owner, frame, photo) SELECT i, i, 'f' || i || hex(zeroblob(80)), hex(zeroblob(150)) FROM n;
WITH n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1500) INSERT INTO repair (id, bike_id, state, hours, rate, memo) SELECT i, i, 'open', 1, 2, hex(zeroblob(150)) FROM n;
WITH n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1500) INSERT INTO part SELECT 's' || i, 'v' || i, 1, 9, hex(zeroblob(150)) FROM n;
WITH n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1500) INSERT INTO used (repair_id, vendor, sku, pad) SELECT i, 'v' || i, 's' || i, hex(zeroblob(150)) FROM n;
WITH n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1500) INSERT INTO setting SELECT 'k' || i, hex(zeroblob(150)) FROM n;
WITH n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1500) INSERT INTO log (line) SELECT json_object('kind', hex(zeroblob(100)), 'text', hex(zeroblob(150))) FROM n;
`;

export const statements: readonly string[] = [
  "ALTER TABLE customer ADD phone",
  "ALTER TABLE customer ADD COLUMN IF NOT EXISTS phone TEXT",
  "ALTER TABLE customer ADD COLUMN phone TEXT, ADD COLUMN fax TEXT",
  "ALTER TABLE customer ADD COLUMN phone TEXT AFTER name",
  "ALTER TABLE customer ADD COLUMN code TEXT DEFAULT (hex(randomblob(4)))",
  "ALTER TABLE customer ADD COLUMN created DATETIME DEFAULT (datetime('now'))",
  "ALTER TABLE customer ADD COLUMN score INTEGER DEFAULT (1 + 1)",
  "ALTER TABLE customer ADD COLUMN score INTEGER NOT NULL DEFAULT NULL",
  "ALTER TABLE customer ADD COLUMN kind TEXT CHECK (kind IN ('a', 'b')) DEFAULT 'c'",
  "ALTER TABLE customer ADD COLUMN kind TEXT NOT NULL DEFAULT 'a' CHECK (kind IN ('a', 'b'))",
  "ALTER TABLE customer ADD COLUMN key TEXT AS (lower(mail)) NOT NULL",
  "ALTER TABLE customer ADD COLUMN since2 DATE CHECK (since2 <= date('now'))",
  "ALTER TABLE bike ADD COLUMN kind_id INTEGER NOT NULL DEFAULT 0 REFERENCES kind (id)",
  "ALTER TABLE bike ADD COLUMN kind_id INTEGER REFERENCES kind (id)",
  "ALTER TABLE bike ADD COLUMN vendor TEXT REFERENCES part (vendor)",
  "ALTER TABLE setting ADD COLUMN at INTEGER NOT NULL DEFAULT 0",
  "ALTER TABLE setting ADD COLUMN at DATETIME",
  "ALTER TABLE setting ADD COLUMN at TEXT DEFAULT 5",
  "ALTER TABLE part ADD COLUMN weight REAL NOT NULL",
  "ALTER TABLE bill ADD COLUMN x",
  "ALTER TABLE search ADD COLUMN x",
  "ALTER TABLE customer DROP COLUMN vip",
  "ALTER TABLE customer DROP COLUMN mail",
  "ALTER TABLE customer DROP COLUMN note",
  "ALTER TABLE customer DROP COLUMN IF EXISTS note",
  "ALTER TABLE bike DROP COLUMN frame",
  "ALTER TABLE bike DROP COLUMN owner",
  "ALTER TABLE bike DROP COLUMN weight",
  "ALTER TABLE bike DROP colour",
  "ALTER TABLE repair DROP COLUMN hours",
  "ALTER TABLE repair DROP COLUMN cost",
  "ALTER TABLE repair DROP COLUMN memo",
  "ALTER TABLE repair DROP COLUMN state",
  "ALTER TABLE part DROP COLUMN stock",
  "ALTER TABLE part DROP COLUMN sheet",
  "ALTER TABLE part DROP COLUMN vendor",
  "ALTER TABLE log DROP COLUMN line",
  "ALTER TABLE log DROP COLUMN made",
  "ALTER TABLE used RENAME COLUMN n TO amount",
  "ALTER TABLE repair RENAME COLUMN cost TO price",
  "ALTER TABLE customer RENAME COLUMN nam TO title",
  "ALTER TABLE search RENAME TO find",
  "PRAGMA legacy_alter_table = ON; ALTER TABLE repair RENAME TO job",
  "PRAGMA legacy_alter_table = ON; ALTER TABLE part RENAME TO item",
  "ALTER TABLE part RENAME TO item",
  "ALTER TABLE bike DROP CONSTRAINT bike_frame",
  "ALTER TABLE repair ADD CONSTRAINT hours_ok CHECK (hours < 100)",
  "ALTER TABLE customer ALTER COLUMN mail SET NOT NULL",
  "ALTER TABLE customer ALTER COLUMN name DROP NOT NULL",
  "ALTER TABLE customer ALTER COLUMN vip SET DEFAULT 1",
  "ALTER TABLE customer MODIFY COLUMN name VARCHAR(100)",
  "CREATE INDEX part_price ON part (price)",
  "CREATE INDEX log_made ON log (made) WHERE line IS NOT NULL",
  "CREATE INDEX log_when ON log (datetime(made, 'unixepoch', 'localtime'))",
  "CREATE INDEX r ON log (random())",
  "CREATE INDEX r ON log (nope)",
  "CREATE INDEX s ON search (name)",
  "CREATE INDEX bike_c ON bike USING btree (colour)",
  "CREATE INDEX main.bike_c ON bike (colour COLLATE german)",
  "DROP INDEX IF EXISTS nothing_here",
  "DROP INDEX bike_owner_i ON bike",
  "DROP TABLE customer CASCADE",
  "DROP TABLE log",
  "DROP TABLE search",
  "DROP TABLE setting",
  "DROP TABLE used",
  "PRAGMA foreign_keys = OFF; DROP TABLE part",
  "DROP VIEW bill",
  "DROP VIEW log",
  "DROP TRIGGER repair_log",
  "REINDEX nothing",
  "REINDEX customer",
  "REINDEX log_json",
  "UPDATE customer SET vip = 1",
  "UPDATE repair SET cost = 5 WHERE id = 1",
  "UPDATE part SET stock = 0 WHERE vendor = 'v1'",
  "UPDATE part SET stock = 0 WHERE sku = 's1'",
  "UPDATE bike SET colour = (SELECT name FROM customer WHERE customer.id = bike.owner)",
  "UPDATE bike SET colour = c.name FROM customer c WHERE c.id = bike.owner AND bike.id = 3",
  "DELETE FROM log",
  "DELETE FROM log WHERE id < 3",
  "DELETE FROM used WHERE repair_id = 3",
  "INSERT INTO setting VALUES ('a', 1)",
  "INSERT INTO setting (name) VALUES ('a')",
  "INSERT INTO customer (name, vip) VALUES ('a', 7)",
  "INSERT OR IGNORE INTO setting SELECT name, 1 FROM customer",
  "CREATE TABLE t (a INTEGER, FOREIGN KEY (a) REFERENCES part (sku))",
  "CREATE TABLE t (a INTEGER, FOREIGN KEY (a, b) REFERENCES part (vendor, sku))",
  "CREATE TABLE t (a INTEGER AUTO_INCREMENT PRIMARY KEY)",
  "CREATE TABLE t (a INTEGER PRIMARY KEY AUTOINCREMENT) WITHOUT ROWID",
  "CREATE TABLE t (a TEXT DEFAULT uuid())",
  "CREATE TABLE t (a TEXT DEFAULT (gen_random_uuid()))",
  "CREATE TABLE t (a ENUM('x', 'y'))",
  "CREATE TABLE t (a INTEGER, b AS (a + 1) STORED, c AS (b + 1))",
  "CREATE TABLE t (b AS (c), c AS (b), d)",
  "CREATE TABLE t (a TEXT CHECK (a < date('now')))",
  "CREATE TABLE sqlite_t (a)",
  "CREATE TABLE IF NOT EXISTS log (x)",
  "CREATE OR REPLACE VIEW bill AS SELECT 1",
  "CREATE MATERIALIZED VIEW mv AS SELECT * FROM bike",
  "CREATE TRIGGER x AFTER INSERT ON bill BEGIN SELECT 1; END",
  "CREATE TRIGGER x BEFORE UPDATE OF kolour ON bike BEGIN SELECT 1; END",
  "CREATE TRIGGER x AFTER DELETE ON bike BEGIN SELECT new.id; END",
  "CREATE TRIGGER x AFTER DELETE ON bike BEGIN UPDATE used SET x = 1 WHERE 1; END",
  "BEGIN; CREATE TABLE new_part (sku TEXT, vendor TEXT, price REAL NOT NULL, stock INTEGER, sheet TEXT, maker TEXT NOT NULL); INSERT INTO new_part (sku, vendor, price, stock, sheet) SELECT sku, vendor, price, stock, sheet FROM part; DROP TABLE part; ALTER TABLE new_part RENAME TO part; COMMIT",
  "BEGIN; CREATE TABLE log2 (id INTEGER PRIMARY KEY, line TEXT, made INTEGER); INSERT INTO log2 SELECT * FROM log; DROP TABLE log; ALTER TABLE log2 RENAME TO log; COMMIT",
  "BEGIN; CREATE TABLE c2 (id INTEGER PRIMARY KEY, name TEXT); INSERT INTO c2 SELECT id, name FROM customer; DROP TABLE customer; ALTER TABLE c2 RENAME TO customer; COMMIT",
  "BEGIN; VACUUM; COMMIT",
  "BEGIN; PRAGMA foreign_keys = OFF; DROP TABLE used; COMMIT",
];
