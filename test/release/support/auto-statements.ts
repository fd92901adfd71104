/** Statements that PostgreSQL takes, for `safe: "auto"` to run: some after what a migration made, some after what nobody told. */

/** What a migration makes. */
export const made = `CREATE TABLE users (id int PRIMARY KEY, name text);
CREATE TABLE posts (id int PRIMARY KEY, author int, title text, slug text NOT NULL, span int4range, old_id int);
CREATE INDEX posts_slug_index ON posts (slug);
ALTER TABLE posts ADD CONSTRAINT posts_span EXCLUDE USING gist (span WITH &&);
CREATE TABLE events (id int NOT NULL, at int NOT NULL, kind text) PARTITION BY RANGE (at);
CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM (0) TO (10);
CREATE TABLE parents (a int, b int);
CREATE TABLE heirs (c int) INHERITS (parents);
CREATE MATERIALIZED VIEW full_view AS SELECT id FROM posts;
CREATE UNIQUE INDEX full_view_id ON full_view (id);
CREATE MATERIALIZED VIEW empty_view AS SELECT id FROM posts WITH NO DATA;
CREATE UNIQUE INDEX empty_view_id ON empty_view (id);
CREATE MATERIALIZED VIEW plain_view AS SELECT id FROM posts;
CREATE SCHEMA app;
CREATE TABLE app.posts (id int PRIMARY KEY, title text);`;

/** What nobody told. */
export const foreign = `CREATE TABLE others (id int NOT NULL, a int, b text CONSTRAINT others_a_key CHECK (b <> ''), c int CONSTRAINT own_name NOT NULL);
CREATE TABLE others_a_key1 (x int);
CREATE TABLE parted (id int, at int) PARTITION BY RANGE (at);
CREATE TABLE parted_1 PARTITION OF parted FOR VALUES FROM (0) TO (10);
CREATE INDEX parted_at ON parted (at);
CREATE MATERIALIZED VIEW other_view AS SELECT id FROM others WITH NO DATA;
CREATE UNIQUE INDEX other_view_id ON other_view (id);
ALTER TABLE others ADD CONSTRAINT others_x EXCLUDE USING gist (int4range(id, id + 1) WITH &&);`;

export const rows = `INSERT INTO users SELECT n, 'u' || n FROM generate_series(1, 3000) n;
INSERT INTO posts SELECT n, n, 't' || n, 's' || n, int4range(n, n + 1), n FROM generate_series(1, 3000) n;
INSERT INTO app.posts SELECT n, 't' || n FROM generate_series(1, 3000) n;
INSERT INTO events SELECT n, n % 10, 'k' FROM generate_series(1, 3000) n;
INSERT INTO parents SELECT n, n FROM generate_series(1, 3000) n;
INSERT INTO heirs SELECT n, n, n FROM generate_series(1, 3000) n;
INSERT INTO others SELECT n, n, 'b' || n, n FROM generate_series(1, 3000) n;
INSERT INTO parted SELECT n, n % 10 FROM generate_series(1, 3000) n;
REFRESH MATERIALIZED VIEW full_view;
REFRESH MATERIALIZED VIEW plain_view;`;

// biome-ignore format: one statement a line
export const statements: readonly string[] = [
  "CREATE INDEX ON posts (author)",
  "CREATE INDEX posts_a ON public.posts USING btree (author DESC NULLS LAST) INCLUDE (title) WITH (fillfactor = 70) WHERE id > 3",
  "CREATE INDEX IF NOT EXISTS posts_slug_index ON posts (slug)",
  "CREATE UNIQUE INDEX posts_t ON posts (lower(title))",
  "CREATE INDEX ON app.posts (title)",
  "CREATE INDEX ON ONLY posts (title)",
  "CREATE INDEX ON parents (a)",
  "CREATE INDEX ON heirs (a)",
  "CREATE INDEX ON events (kind)",
  "CREATE INDEX ON events_1 (kind)",
  "CREATE INDEX ON ONLY events (kind)",
  "CREATE INDEX ON full_view (id)",
  "CREATE INDEX ON empty_view (id)",
  "CREATE INDEX ON others (a)",
  "CREATE INDEX ON parted (id)",
  "CREATE INDEX parted_id ON ONLY parted (id)",
  "DROP INDEX posts_slug_index",
  "DROP INDEX IF EXISTS posts_slug_index, nothing",
  "DROP INDEX parted_at",
  "DROP INDEX IF EXISTS parted_at",
  "DROP INDEX full_view_id",
  "REFRESH MATERIALIZED VIEW full_view",
  "REFRESH MATERIALIZED VIEW empty_view",
  "REFRESH MATERIALIZED VIEW plain_view",
  "REFRESH MATERIALIZED VIEW other_view",
  "REFRESH MATERIALIZED VIEW full_view WITH NO DATA",
  "REINDEX INDEX posts_slug_index",
  "REINDEX TABLE posts",
  "REINDEX INDEX posts_span",
  "REINDEX INDEX others_x",
  "REINDEX TABLE others",
  "ALTER TABLE posts ADD UNIQUE (title)",
  "ALTER TABLE posts ADD CONSTRAINT u UNIQUE NULLS NOT DISTINCT (title, slug) INCLUDE (author) DEFERRABLE INITIALLY DEFERRED",
  "ALTER TABLE IF EXISTS posts ADD UNIQUE (title)",
  "ALTER TABLE IF EXISTS nope ADD UNIQUE (a)",
  "ALTER TABLE IF EXISTS nope ADD CONSTRAINT c CHECK (a > 0)",
  "ALTER TABLE IF EXISTS nope ALTER a SET NOT NULL",
  "ALTER TABLE IF EXISTS nope ADD FOREIGN KEY (a) REFERENCES users",
  "ALTER TABLE IF EXISTS nope ALTER a TYPE varchar(20)",
  "ALTER TABLE IF EXISTS posts ALTER title TYPE varchar",
  "ALTER TABLE others ADD UNIQUE (a)",
  "ALTER TABLE others ADD PRIMARY KEY (id)",
  "ALTER TABLE others ALTER id SET NOT NULL",
  "ALTER TABLE others ALTER c SET NOT NULL",
  "ALTER TABLE others ADD CHECK (a > 0)",
  "ALTER TABLE others ADD FOREIGN KEY (a) REFERENCES users",
  "ALTER TABLE others ALTER b TYPE varchar",
  "ALTER TABLE parted ADD UNIQUE (id, at)",
  "ALTER TABLE parted ALTER id SET NOT NULL",
  "ALTER TABLE parted ADD CHECK (id > 0)",
  "ALTER TABLE parted ADD FOREIGN KEY (id) REFERENCES users",
  "ALTER TABLE posts ADD FOREIGN KEY (author) REFERENCES users",
  "ALTER TABLE posts ADD CONSTRAINT fk FOREIGN KEY (author) REFERENCES users ON DELETE CASCADE DEFERRABLE, ADD COLUMN x int",
  "ALTER TABLE posts ADD CHECK (id > 0)",
  "ALTER TABLE posts ADD CHECK (title <> '') NO INHERIT",
  "ALTER TABLE ONLY posts ADD CHECK (author > 0)",
  "ALTER TABLE posts ADD COLUMN n int CHECK (n > 0)",
  "ALTER TABLE posts ADD COLUMN n int UNIQUE",
  "ALTER TABLE posts ADD COLUMN n int REFERENCES users",
  "ALTER TABLE posts ADD COLUMN IF NOT EXISTS title text UNIQUE",
  "ALTER TABLE posts ALTER title SET NOT NULL",
  "ALTER TABLE posts ALTER title SET NOT NULL, ALTER author SET NOT NULL",
  "ALTER TABLE posts ALTER slug SET NOT NULL",
  "ALTER TABLE events ALTER kind SET NOT NULL",
  "ALTER TABLE events ADD CHECK (id > 0)",
  "ALTER TABLE events ADD UNIQUE (id, at)",
  "ALTER TABLE events ADD FOREIGN KEY (id) REFERENCES users",
  "ALTER TABLE events_1 ALTER kind SET NOT NULL",
  "ALTER TABLE parents ALTER a SET NOT NULL",
  "ALTER TABLE parents ADD CHECK (a > 0)",
  "ALTER TABLE parents ADD UNIQUE (a)",
  "ALTER TABLE heirs ALTER a SET NOT NULL",
  "ALTER TABLE heirs ADD PRIMARY KEY (a)",
  "ALTER TABLE app.posts ADD UNIQUE (title)",
  "ALTER TABLE app.posts ALTER title SET NOT NULL",
  "ALTER TABLE posts ALTER title TYPE varchar",
  "ALTER TABLE posts DROP COLUMN old_id, ADD UNIQUE (title)",
];
