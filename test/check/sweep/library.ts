/** Statements over all kinds of objects, written from the manual without a look at the code or at other cases. */
import type { Swept } from "./swept.ts";

export const library = `
CREATE SCHEMA other;
CREATE TYPE genre AS ENUM ('novel', 'poem', 'essay');
CREATE TYPE address AS (street text, zip text);
CREATE DOMAIN isbn AS text CONSTRAINT isbn_length CHECK (length(VALUE) IN (10, 13));
CREATE DOMAIN stars AS smallint DEFAULT 3 CHECK (VALUE BETWEEN 1 AND 5);
CREATE SEQUENCE loan_no START 100;
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE FUNCTION slug(title text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT lower(title)';
CREATE FUNCTION fee(days int, rate numeric DEFAULT 0.5) RETURNS numeric LANGUAGE sql IMMUTABLE AS 'SELECT days * rate';
CREATE PROCEDURE close_month(m date) LANGUAGE plpgsql AS 'BEGIN NULL; END';
CREATE TABLE authors (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL,
  born int,
  country char(2),
  home address
);
CREATE TABLE books (
  id serial PRIMARY KEY,
  author_id bigint NOT NULL REFERENCES authors ON DELETE CASCADE,
  isbn isbn UNIQUE,
  title text NOT NULL,
  slug text GENERATED ALWAYS AS (lower(title)) STORED,
  kind genre NOT NULL DEFAULT 'novel',
  pages int CHECK (pages > 0),
  price numeric(8, 2),
  tags text[] DEFAULT '{}',
  meta jsonb,
  rating stars,
  added timestamptz NOT NULL DEFAULT now(),
  search tsvector
);
CREATE INDEX books_title ON books (title);
CREATE INDEX books_author ON books (author_id);
CREATE INDEX books_tags ON books USING gin (tags);
CREATE UNIQUE INDEX books_slug ON books (slug);
CREATE STATISTICS books_stats (dependencies) ON kind, pages FROM books;
CREATE TABLE members (
  id int PRIMARY KEY,
  email text NOT NULL,
  phone varchar(30),
  active boolean DEFAULT true,
  joined date NOT NULL DEFAULT current_date,
  invited_by int REFERENCES members,
  CONSTRAINT email_form CHECK (email LIKE '%@%') NOT VALID
);
CREATE UNIQUE INDEX members_email ON members (lower(email));
CREATE TABLE loans (
  id bigint NOT NULL DEFAULT nextval('loan_no'),
  book_id int NOT NULL REFERENCES books,
  member_id int REFERENCES members,
  taken date NOT NULL,
  due date,
  back date,
  PRIMARY KEY (id, taken)
) PARTITION BY RANGE (taken);
CREATE TABLE loans_2024 PARTITION OF loans FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE loans_2025 PARTITION OF loans FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE INDEX loans_member ON loans (member_id);
CREATE TABLE loans_old (LIKE loans_2024 INCLUDING DEFAULTS);
CREATE TABLE events (id int, payload json, at timestamp);
CREATE UNLOGGED TABLE holds (book_id int, member_id int);
CREATE VIEW active_members AS SELECT id, email, phone FROM members WHERE active;
CREATE VIEW titles AS SELECT b.title, a.name AS author FROM books b JOIN authors a ON a.id = b.author_id;
CREATE VIEW loud AS SELECT upper(title) AS title FROM titles;
CREATE MATERIALIZED VIEW book_counts AS SELECT author_id, count(*) AS n FROM books GROUP BY author_id;
CREATE UNIQUE INDEX book_counts_author ON book_counts (author_id);
CREATE MATERIALIZED VIEW top_books AS SELECT id, title FROM books ORDER BY rating DESC LIMIT 10 WITH NO DATA;
CREATE FUNCTION title_of(b int) RETURNS text LANGUAGE sql STABLE BEGIN ATOMIC SELECT title FROM books WHERE id = b; END;
CREATE TRIGGER books_touch BEFORE UPDATE ON books FOR EACH ROW EXECUTE FUNCTION touch();
ALTER TABLE members ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_row ON members FOR SELECT USING (email = current_user);
CREATE RULE no_delete AS ON DELETE TO events DO INSTEAD NOTHING;
CREATE PUBLICATION feed FOR TABLE books (id, title), authors;
CREATE COLLATION digits (provider = icu, locale = 'en-u-kn-true');
CREATE CAST (text AS address) WITH INOUT AS ASSIGNMENT;
`;

export const libraryRows = `
INSERT INTO authors (name, born, country) VALUES ('Ann', 1950, 'at'), ('Bob', 1960, 'de');
INSERT INTO books (author_id, isbn, title, pages, rating) VALUES (1, '1234567890', 'One', 100, 4), (2, '1234567891', 'Two', 200, 5);
INSERT INTO members (id, email) VALUES (1, 'a@b'), (2, 'c@d');
INSERT INTO loans (book_id, member_id, taken) VALUES (1, 1, '2024-05-05'), (2, 2, '2025-05-05');
INSERT INTO loans_old (id, book_id, taken) VALUES (1, 1, '2023-05-05');
INSERT INTO events VALUES (1, '{}', now());
REFRESH MATERIALIZED VIEW book_counts;
`;

export const libraryStatements: readonly Swept[] = [
  // Columns.
  "ALTER TABLE books ADD COLUMN shelf text",
  "ALTER TABLE books ADD COLUMN title text",
  "ALTER TABLE books ADD COLUMN code uuid DEFAULT gen_random_uuid()",
  "ALTER TABLE books ADD COLUMN seen timestamptz DEFAULT clock_timestamp()",
  "ALTER TABLE books ADD COLUMN rank stars",
  "ALTER TABLE books ADD COLUMN second isbn NOT NULL",
  "ALTER TABLE books ADD COLUMN vat numeric GENERATED ALWAYS AS (price * 0.2) STORED",
  "ALTER TABLE books ADD COLUMN vat numeric GENERATED ALWAYS AS (slug || 'x') STORED",
  "ALTER TABLE books ADD COLUMN n bigserial",
  "ALTER TABLE books ADD COLUMN parent int REFERENCES books",
  "ALTER TABLE books ADD COLUMN parent text REFERENCES books",
  "ALTER TABLE books DROP COLUMN title",
  "ALTER TABLE books DROP COLUMN slug",
  "ALTER TABLE books DROP COLUMN pages",
  "ALTER TABLE books DROP COLUMN author_id",
  "ALTER TABLE members DROP COLUMN phone",
  "ALTER TABLE members DROP COLUMN phone CASCADE",
  "ALTER TABLE members ALTER COLUMN phone TYPE varchar(60)",
  "ALTER TABLE members ALTER COLUMN joined TYPE timestamp",
  "ALTER TABLE events ALTER COLUMN payload TYPE jsonb",
  "ALTER TABLE events ALTER COLUMN payload TYPE int",
  "ALTER TABLE events ALTER COLUMN at TYPE timestamptz USING at AT TIME ZONE 'UTC'",
  "ALTER TABLE books ALTER COLUMN price TYPE numeric(10, 2)",
  "ALTER TABLE books ALTER COLUMN price TYPE numeric(10, 3)",
  "ALTER TABLE books ALTER COLUMN pages TYPE bigint",
  "ALTER TABLE books ALTER COLUMN kind TYPE text",
  "ALTER TABLE books ALTER COLUMN kind DROP DEFAULT, ALTER COLUMN kind TYPE text",
  "ALTER TABLE books ALTER COLUMN tags TYPE varchar(10)[]",
  "ALTER TABLE authors ALTER COLUMN country TYPE text",
  "ALTER TABLE authors ALTER COLUMN id SET GENERATED BY DEFAULT",
  "ALTER TABLE authors ALTER COLUMN born ADD GENERATED ALWAYS AS IDENTITY",
  "ALTER TABLE authors ALTER COLUMN id DROP IDENTITY",
  "ALTER TABLE authors ALTER COLUMN name DROP IDENTITY",
  "ALTER TABLE authors ALTER COLUMN name SET STORAGE EXTERNAL",
  "ALTER TABLE authors ALTER COLUMN born SET STORAGE EXTERNAL",
  ["ALTER TABLE authors ALTER COLUMN name SET COMPRESSION lz5", 14],
  "ALTER TABLE authors ALTER COLUMN name SET STATISTICS 500",
  "ALTER TABLE authors ALTER COLUMN born SET NOT NULL",
  "ALTER TABLE books ALTER COLUMN slug SET DEFAULT 'x'",
  "ALTER TABLE books ALTER COLUMN pages SET DEFAULT 'many'",
  "ALTER TABLE books RENAME COLUMN slug TO title",
  "ALTER TABLE active_members RENAME COLUMN phone TO tel",
  // Constraints.
  "ALTER TABLE members VALIDATE CONSTRAINT email_form",
  "ALTER TABLE members ADD CONSTRAINT email_form CHECK (true)",
  "ALTER TABLE books ADD CHECK (price > (SELECT 0))",
  "ALTER TABLE books ADD CONSTRAINT cheap CHECK (price < 1000) NOT VALID",
  "ALTER TABLE books ADD UNIQUE USING INDEX books_slug",
  "ALTER TABLE members ADD UNIQUE USING INDEX members_email",
  "ALTER TABLE books ADD UNIQUE (meta)",
  "ALTER TABLE events ADD UNIQUE (payload)",
  "ALTER TABLE loans ADD UNIQUE (book_id)",
  "ALTER TABLE loans ADD UNIQUE (book_id, taken)",
  "ALTER TABLE holds ADD FOREIGN KEY (book_id) REFERENCES books",
  "ALTER TABLE events ADD FOREIGN KEY (id) REFERENCES holds (book_id)",
  "ALTER TABLE members DROP CONSTRAINT members_pkey",
  "ALTER TABLE loans DROP CONSTRAINT loans_book_id_fkey",
  "ALTER TABLE loans_2024 DROP CONSTRAINT loans_book_id_fkey",
  "ALTER TABLE events ADD EXCLUDE USING btree (id WITH =)",
  "ALTER TABLE events ADD EXCLUDE USING btree (id WITH &&)",
  // Partitions.
  "CREATE TABLE loans_2026 PARTITION OF loans FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')",
  "CREATE TABLE loans_mid PARTITION OF loans FOR VALUES FROM ('2025-06-01') TO ('2025-07-01')",
  "CREATE TABLE loans_rest PARTITION OF loans DEFAULT",
  "ALTER TABLE loans ATTACH PARTITION loans_old FOR VALUES FROM ('2023-01-01') TO ('2024-01-01')",
  "ALTER TABLE loans ATTACH PARTITION loans_old FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')",
  "ALTER TABLE loans DETACH PARTITION loans_2024",
  "ALTER TABLE loans DETACH PARTITION loans_old",
  "ALTER TABLE loans_2024 ADD COLUMN extra int",
  "ALTER TABLE loans DROP COLUMN taken",
  "ALTER TABLE loans_2025 DROP COLUMN due",
  "CREATE INDEX ON loans (due)",
  "CREATE INDEX CONCURRENTLY ON loans (due)",
  "DROP INDEX loans_member",
  "DROP TABLE loans_2024",
  // Indexes.
  "CREATE INDEX books_title ON books (pages)",
  "CREATE INDEX IF NOT EXISTS books_title ON books (pages)",
  "CREATE INDEX ON books USING gin (meta jsonb_path_ops)",
  "CREATE INDEX ON books USING gin (title)",
  "CREATE INDEX ON books (added) WHERE added > now()",
  "CREATE INDEX ON books (date(added))",
  "CREATE INDEX ON books (slug(title))",
  "CREATE INDEX ON books (slug text_pattern_ops)",
  "CREATE INDEX ON active_members (id)",
  "CREATE INDEX ON book_counts (n)",
  "CREATE UNIQUE INDEX ON books USING hash (id)",
  "CREATE INDEX ON books (title) INCLUDE (meta)",
  "CREATE INDEX ON books USING brin (added) WITH (pages_per_range = 0)",
  "CREATE INDEX ON books (title) WITH (fillfactor = 5)",
  "ALTER INDEX books_title RENAME TO books_slug",
  "ALTER INDEX books_title SET (fillfactor = 80)",
  "DROP INDEX books_pkey",
  "DROP INDEX CONCURRENTLY books_title",
  "REINDEX TABLE books",
  "REINDEX INDEX books_titles",
  "CLUSTER books USING books_title",
  "CLUSTER books USING books_tags",
  "CLUSTER events",
  // Views and materialized views.
  "CREATE OR REPLACE VIEW active_members AS SELECT id, email FROM members WHERE active",
  "CREATE OR REPLACE VIEW active_members AS SELECT id, email, phone, joined FROM members WHERE active",
  "CREATE OR REPLACE VIEW active_members AS SELECT id, email, joined AS phone FROM members",
  "CREATE VIEW cheap AS SELECT title FROM books WHERE prices < 10",
  "CREATE VIEW cheap AS SELECT title, title FROM books",
  "DROP VIEW titles",
  "DROP VIEW active_members, loud",
  "DROP TABLE active_members",
  "REFRESH MATERIALIZED VIEW book_counts",
  "REFRESH MATERIALIZED VIEW CONCURRENTLY top_books",
  "REFRESH MATERIALIZED VIEW active_members",
  "ALTER MATERIALIZED VIEW book_counts RENAME COLUMN n TO books",
  "ALTER VIEW titles SET (security_barrier = true)",
  "ALTER VIEW titles ALTER COLUMN author SET DEFAULT 'nobody'",
  // Types, domains, sequences.
  "ALTER TYPE genre ADD VALUE 'novel'",
  "ALTER TYPE genre ADD VALUE 'drama' BEFORE 'tale'",
  "ALTER TYPE genre RENAME VALUE 'poem' TO 'essay'",
  "DROP TYPE genre",
  "ALTER TYPE address ADD ATTRIBUTE city text",
  "ALTER TYPE address ALTER ATTRIBUTE zip TYPE int",
  "ALTER DOMAIN isbn DROP CONSTRAINT isbn_len",
  "ALTER DOMAIN stars ADD CHECK (VALUE <> 2)",
  "ALTER DOMAIN isbn SET NOT NULL",
  "ALTER SEQUENCE loan_no RESTART WITH 50",
  "ALTER SEQUENCE loan_no MAXVALUE 10",
  "ALTER SEQUENCE loan_no OWNED BY books.id",
  "DROP SEQUENCE loan_no",
  "DROP SEQUENCE books_id_seq",
  // Functions, triggers, policies, rules.
  "CREATE OR REPLACE FUNCTION slug(title text) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1'",
  "CREATE OR REPLACE FUNCTION slug(name text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT lower(name)'",
  "CREATE OR REPLACE FUNCTION fee(days int, rate numeric) RETURNS numeric LANGUAGE sql AS 'SELECT days * rate'",
  "CREATE FUNCTION fee(int) RETURNS numeric LANGUAGE sql AS 'SELECT $1::numeric'",
  "CREATE FUNCTION bad() RETURNS int LANGUAGE sql AS 'SELECT title FROM books'",
  "DROP FUNCTION touch()",
  "DROP FUNCTION slug(int)",
  "DROP FUNCTION fee",
  "DROP PROCEDURE fee(int, numeric)",
  "CREATE TRIGGER books_touch AFTER INSERT ON books EXECUTE FUNCTION touch()",
  "CREATE OR REPLACE TRIGGER books_touch AFTER INSERT ON books EXECUTE FUNCTION touch()",
  "CREATE TRIGGER t BEFORE INSERT ON members FOR EACH ROW EXECUTE FUNCTION slug()",
  "CREATE TRIGGER t INSTEAD OF INSERT ON members FOR EACH ROW EXECUTE FUNCTION touch()",
  "CREATE POLICY own_row ON members FOR UPDATE USING (true)",
  "CREATE POLICY p ON members FOR INSERT USING (true)",
  "CREATE POLICY p ON active_members USING (true)",
  "DROP POLICY own_row ON members",
  "CREATE RULE r AS ON INSERT TO books DO ALSO NOTHING",
  'CREATE RULE "_RETURN" AS ON SELECT TO events DO INSTEAD SELECT * FROM events',
  // Publications, statistics, comments, grants.
  "ALTER PUBLICATION feed ADD TABLE books",
  "ALTER PUBLICATION feed DROP TABLE members",
  "ALTER PUBLICATION feed SET TABLE books, members",
  "CREATE PUBLICATION feed FOR ALL TABLES",
  "CREATE PUBLICATION p FOR TABLE titles",
  "CREATE STATISTICS books_stats ON kind, price FROM books",
  "CREATE STATISTICS one ON kind FROM books",
  "COMMENT ON COLUMN books.titel IS 'x'",
  "COMMENT ON TABLE titles IS 'x'",
  "COMMENT ON INDEX books_title IS 'by title'",
  "GRANT SELECT (id, nothing) ON books TO PUBLIC",
  "GRANT INSERT ON SEQUENCE loan_no TO PUBLIC",
  "REVOKE ALL ON books FROM PUBLIC",
  // Rows.
  "INSERT INTO books (author_id, titel) VALUES (1, 'x')",
  "INSERT INTO authors (id, name) VALUES (7, 'x')",
  "INSERT INTO authors (id, name) OVERRIDING SYSTEM VALUE VALUES (7, 'x')",
  "UPDATE books SET slug = 'x'",
  "UPDATE members SET active = 'perhaps'",
  "UPDATE books SET pages = title",
  "INSERT INTO members (id, email) VALUES (1, 'x@y') ON CONFLICT (email) DO NOTHING",
  "INSERT INTO members (id, email) VALUES (9, 'x@y') ON CONFLICT (lower(email)) DO NOTHING",
  "DELETE FROM loans USING books WHERE books.id = loans.book",
  "UPDATE titles SET title = 'x'",
  "INSERT INTO active_members (id, email) VALUES (9, 'x@y')",
  "TRUNCATE authors",
  "TRUNCATE loans",
  "TRUNCATE titles",
  "LOCK TABLE books IN SHARE MODE",
];
