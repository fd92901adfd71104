/** Statements of MySQL, written without a look at the rules, and the best way in which MariaDB makes each. */

/** What is there before each of them. */
export const shop = `CREATE TABLE country (id int PRIMARY KEY, code char(2) NOT NULL, name varchar(50) NOT NULL, UNIQUE KEY country_code (code)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
CREATE TABLE customer (
  id int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY,
  email varchar(100) NOT NULL,
  nick varchar(40) NULL,
  country_id int NOT NULL,
  born date NULL,
  points int NOT NULL DEFAULT 0,
  state enum('new','active','gone') NOT NULL DEFAULT 'new',
  flags set('a','b') NULL,
  note text NULL,
  latin varchar(30) CHARACTER SET latin1 NULL,
  price decimal(8,2) NULL,
  seen datetime NULL,
  email_len int GENERATED ALWAYS AS (char_length(email)) STORED,
  label varchar(60) GENERATED ALWAYS AS (concat(nick, '!')) VIRTUAL,
  token varbinary(16) NULL,
  KEY customer_country (country_id),
  KEY customer_born (born),
  CONSTRAINT customer_country_fk FOREIGN KEY (country_id) REFERENCES country (id),
  CONSTRAINT points_positive CHECK (points >= 0)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
CREATE TABLE invoice (id int NOT NULL, day date NOT NULL, total decimal(10,2) NOT NULL, who varchar(20) NULL, PRIMARY KEY (id, day)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 PARTITION BY RANGE COLUMNS (day) (PARTITION p24 VALUES LESS THAN ('2025-01-01'), PARTITION p25 VALUES LESS THAN ('2026-01-01'));
CREATE TABLE invoice_old (id int NOT NULL, day date NOT NULL, total decimal(10,2) NOT NULL, who varchar(20) NULL, PRIMARY KEY (id, day)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
CREATE TABLE log_line (line text, at datetime) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
CREATE VIEW active_customer AS SELECT id, email FROM customer WHERE state = 'active';
CREATE TRIGGER customer_touch BEFORE UPDATE ON customer FOR EACH ROW SET NEW.seen = CURRENT_TIMESTAMP;
INSERT INTO country VALUES (1, 'DE', 'Germany'), (2, 'FR', 'France');
INSERT INTO customer (email, nick, country_id, born, points, price) VALUES ('a@b.c', 'abc', 1, '2000-01-01', 5, 1.25), ('d@e.f', NULL, 2, NULL, 0, 3), ('g@h.i', 'abc', 2, NULL, 5, NULL);
INSERT INTO invoice VALUES (1, '2024-05-05', 10, 'x'), (2, '2025-05-05', 20, NULL);
INSERT INTO invoice_old VALUES (9, '2023-05-05', 10, 'x');
INSERT INTO log_line VALUES ('hello', '2024-01-01 00:00:00');
`;

/** `instant` is all that neither copies nor stops anybody. */
export type Way = "instant" | "rebuild" | "shared" | "copy";

export const statements: readonly (readonly [sql: string, way: Way])[] = [
  ["ALTER TABLE customer ADD COLUMN joined datetime NOT NULL DEFAULT CURRENT_TIMESTAMP", "instant"],
  ["ALTER TABLE customer ADD COLUMN ref char(36) NOT NULL DEFAULT (uuid())", "copy"],
  ["ALTER TABLE customer ADD COLUMN score int NOT NULL", "instant"],
  [
    "ALTER TABLE customer ADD COLUMN double_points int GENERATED ALWAYS AS (points * 2) STORED",
    "copy",
  ],
  [
    "ALTER TABLE customer ADD COLUMN double_points int GENERATED ALWAYS AS (points * 2) VIRTUAL",
    "instant",
  ],
  ["ALTER TABLE customer DROP COLUMN note", "instant"],
  ["ALTER TABLE customer DROP COLUMN email_len", "instant"],
  ["ALTER TABLE customer DROP COLUMN born", "instant"],
  ["ALTER TABLE customer DROP COLUMN points", "instant"],
  ["ALTER TABLE customer MODIFY nick varchar(60) NULL", "instant"],
  ["ALTER TABLE customer MODIFY nick varchar(80) NULL", "copy"],
  ["ALTER TABLE customer MODIFY email varchar(100) NULL", "rebuild"],
  ["ALTER TABLE customer MODIFY email varchar(100) NOT NULL DEFAULT ''", "instant"],
  [
    "ALTER TABLE customer MODIFY email varchar(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL",
    "instant",
  ],
  ["ALTER TABLE customer MODIFY latin varchar(30) CHARACTER SET utf8mb4 NULL", "copy"],
  ["ALTER TABLE customer MODIFY id bigint unsigned NOT NULL AUTO_INCREMENT", "copy"],
  ["ALTER TABLE customer MODIFY points bigint NOT NULL DEFAULT 0", "copy"],
  ["ALTER TABLE customer MODIFY points int NOT NULL DEFAULT 10", "instant"],
  [
    "ALTER TABLE customer MODIFY state enum('new','active','gone','blocked') NOT NULL DEFAULT 'new'",
    "instant",
  ],
  ["ALTER TABLE customer MODIFY state enum('active','new','gone') NOT NULL DEFAULT 'new'", "copy"],
  ["ALTER TABLE customer MODIFY flags set('a','b','c') NULL", "instant"],
  ["ALTER TABLE customer MODIFY flags set('a','b','c','d','e','f','g','h','i') NULL", "copy"],
  ["ALTER TABLE customer MODIFY price decimal(10,2) NULL", "copy"],
  ["ALTER TABLE customer MODIFY price decimal(8,1) NULL", "copy"],
  ["ALTER TABLE customer MODIFY note mediumtext NULL", "copy"],
  ["ALTER TABLE customer MODIFY token varbinary(300) NULL", "instant"],
  ["ALTER TABLE customer MODIFY seen datetime(6) NULL", "copy"],
  ["ALTER TABLE customer MODIFY nick varchar(40) NULL COMMENT 'shown in the forum'", "instant"],
  ["ALTER TABLE customer MODIFY nick varchar(40) NULL FIRST", "instant"],
  [
    "ALTER TABLE customer MODIFY label varchar(60) GENERATED ALWAYS AS (concat(nick, '?')) VIRTUAL",
    "instant",
  ],
  ["ALTER TABLE customer ALTER COLUMN points DROP DEFAULT", "instant"],
  ["ALTER TABLE customer ALTER COLUMN nick SET DEFAULT (concat('u', '1'))", "instant"],
  ["ALTER TABLE customer CHANGE nick nickname varchar(40) NULL", "instant"],
  ["ALTER TABLE customer RENAME COLUMN price TO amount", "instant"],
  ["ALTER TABLE customer RENAME COLUMN email TO mail", "instant"],
  ["ALTER TABLE customer ADD INDEX customer_nick (nick)", "instant"],
  ["CREATE UNIQUE INDEX customer_email ON customer (email)", "instant"],
  ["CREATE FULLTEXT INDEX customer_note ON customer (note)", "shared"],
  ["CREATE INDEX customer_note2 ON customer (note)", "instant"],
  ["ALTER TABLE customer RENAME INDEX customer_born TO customer_birth", "instant"],
  ["ALTER TABLE log_line ADD PRIMARY KEY (at)", "rebuild"],
  ["ALTER TABLE log_line ADD COLUMN id bigint NOT NULL AUTO_INCREMENT PRIMARY KEY", "shared"],
  ["ALTER TABLE customer ADD CONSTRAINT born_after CHECK (born > '1900-01-01')", "copy"],
  ["ALTER TABLE customer DROP CONSTRAINT points_positive", "instant"],
  ["ALTER TABLE customer DROP FOREIGN KEY customer_country_fk", "instant"],
  [
    "ALTER TABLE country ADD CONSTRAINT country_first FOREIGN KEY (id) REFERENCES customer (country_id)",
    "copy",
  ],
  ["ALTER TABLE log_line CONVERT TO CHARACTER SET latin1", "copy"],
  ["ALTER TABLE log_line DEFAULT CHARACTER SET utf8mb3", "instant"],
  ["ALTER TABLE log_line ENGINE = InnoDB", "rebuild"],
  ["ALTER TABLE log_line ROW_FORMAT = COMPRESSED", "rebuild"],
  ["ALTER TABLE log_line FORCE", "rebuild"],
  ["ALTER TABLE log_line RENAME TO line_log", "instant"],
  ["ALTER TABLE log_line AUTO_INCREMENT = 1000", "instant"],
  ["ALTER TABLE log_line COMMENT = 'the log'", "instant"],
  ["ALTER TABLE log_line ADD SYSTEM VERSIONING", "copy"],
  ["ALTER TABLE customer ALTER INDEX customer_born IGNORED", "instant"],
  ["ALTER TABLE customer MODIFY points int unsigned NOT NULL DEFAULT 0", "copy"],
  ["ALTER TABLE invoice_old MODIFY who varchar(80) NULL", "instant"],
  ["ALTER TABLE country MODIFY name varchar(70) NOT NULL", "copy"],
  ["ALTER TABLE customer MODIFY latin varchar(300) CHARACTER SET latin1 NULL", "instant"],
  ["ALTER TABLE customer CHANGE points score bigint NOT NULL DEFAULT 0", "copy"],
  ["ALTER TABLE log_line PARTITION BY HASH (year(at)) PARTITIONS 4", "copy"],
];

/** These take no word about how, so the server does not say it; `check` says what the manual does. */
export const withoutWord: readonly (readonly [sql: string, way: Way])[] = [
  ["DROP INDEX customer_born ON customer", "instant"],
  ["ALTER TABLE invoice ADD PARTITION (PARTITION p26 VALUES LESS THAN ('2027-01-01'))", "instant"],
  ["ALTER TABLE invoice DROP PARTITION p24", "instant"],
  ["ALTER TABLE invoice EXCHANGE PARTITION p24 WITH TABLE invoice_old", "instant"],
  [
    "ALTER TABLE invoice REORGANIZE PARTITION p25 INTO (PARTITION p25a VALUES LESS THAN ('2025-07-01'), PARTITION p25b VALUES LESS THAN ('2026-01-01'))",
    "shared",
  ],
  ["ALTER TABLE invoice REMOVE PARTITIONING", "copy"],
  ["RENAME TABLE customer TO client", "instant"],
  [
    "CREATE OR REPLACE VIEW active_customer AS SELECT id, email, nick FROM customer WHERE state = 'active'",
    "instant",
  ],
  [
    "CREATE TRIGGER log_touch BEFORE INSERT ON log_line FOR EACH ROW SET NEW.at = CURRENT_TIMESTAMP",
    "instant",
  ],
  ["DROP TRIGGER customer_touch", "instant"],
  ["OPTIMIZE TABLE log_line", "rebuild"],
];
