/** A further 120 statements over all kinds of objects, written when all before them were mended, without a look at the code. */
import type { Swept } from "./swept.ts";

export const orchestra = `
CREATE SCHEMA other;
CREATE TYPE section AS ENUM ('strings', 'winds', 'brass');
CREATE TYPE contact AS (mail text, phone text);
CREATE DOMAIN seat AS int CHECK (VALUE > 0);
CREATE DOMAIN opus AS text CHECK (VALUE LIKE 'op.%') NOT NULL;
CREATE SEQUENCE ticket_no CACHE 10;
CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE FUNCTION minutes(i interval) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT (extract(epoch FROM i) / 60)::int';
CREATE FUNCTION pieces_by(name text) RETURNS TABLE (id int, title text) LANGUAGE sql STABLE AS 'SELECT 1, name';
CREATE TABLE players (
  id int GENERATED ALWAYS AS IDENTITY (START WITH 10) PRIMARY KEY,
  name text NOT NULL,
  section section NOT NULL,
  chair seat,
  mentor_id int REFERENCES players ON DELETE SET NULL,
  contact contact,
  joined date,
  salary money,
  UNIQUE (section, chair) DEFERRABLE
);
CREATE TABLE pieces (
  id int PRIMARY KEY,
  composer text NOT NULL,
  title text NOT NULL,
  opus opus,
  length interval,
  mins int GENERATED ALWAYS AS (minutes(length)) STORED,
  keys text[] NOT NULL DEFAULT ARRAY['c'],
  years int4range,
  score bytea,
  notes text DEFAULT 'none',
  CONSTRAINT long_enough CHECK (length > '1 min') NOT VALID
);
CREATE UNIQUE INDEX pieces_title ON pieces (composer, title) INCLUDE (opus);
CREATE INDEX pieces_years ON pieces USING gist (years);
CREATE INDEX pieces_notes ON pieces (notes varchar_pattern_ops) WHERE notes IS NOT NULL;
CREATE TABLE concerts (
  id bigint NOT NULL,
  day date NOT NULL,
  hall text,
  piece_id int REFERENCES pieces DEFERRABLE,
  during tstzrange,
  PRIMARY KEY (id, day)
) PARTITION BY RANGE (day);
CREATE TABLE concerts_25 PARTITION OF concerts FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE concerts_26 PARTITION OF concerts FOR VALUES FROM ('2026-01-01') TO ('2027-01-01') PARTITION BY LIST (day);
CREATE TABLE concerts_26_main PARTITION OF concerts_26 FOR VALUES IN ('2026-05-05');
CREATE TABLE concerts_24 (id bigint NOT NULL, day date NOT NULL, hall text, piece_id int, during tstzrange, CHECK (day >= '2024-01-01' AND day < '2025-01-01'));
CREATE INDEX concerts_hall ON concerts (hall);
CREATE TABLE tickets (
  no bigint PRIMARY KEY DEFAULT nextval('ticket_no'),
  concert_id bigint NOT NULL,
  day date NOT NULL,
  price numeric(6, 2) CHECK (price >= 0),
  sold_at timestamp NOT NULL DEFAULT now(),
  buyer json,
  FOREIGN KEY (concert_id, day) REFERENCES concerts ON DELETE CASCADE
);
CREATE TABLE plays (player_id int REFERENCES players, piece_id int REFERENCES pieces, PRIMARY KEY (player_id, piece_id));
CREATE TABLE log (id serial, line text);
CREATE TABLE log_old () INHERITS (log);
CREATE UNLOGGED TABLE cache (key text PRIMARY KEY, value jsonb, until timestamptz);
CREATE VIEW brass AS SELECT id, name, chair FROM players WHERE section = 'brass';
CREATE VIEW program AS SELECT c.day, p.title, p.mins FROM concerts c JOIN pieces p ON p.id = c.piece_id;
CREATE MATERIALIZED VIEW takings AS SELECT concert_id, sum(price) AS total FROM tickets GROUP BY concert_id;
CREATE UNIQUE INDEX takings_concert ON takings (concert_id);
CREATE TRIGGER pieces_stamp BEFORE INSERT OR UPDATE ON pieces FOR EACH ROW WHEN (NEW.notes IS NOT NULL) EXECUTE FUNCTION stamp();
CREATE STATISTICS pieces_stat ON composer, title FROM pieces;
CREATE POLICY open ON tickets AS RESTRICTIVE USING (price > 0);
CREATE RULE log_keep AS ON UPDATE TO log DO INSTEAD NOTHING;
CREATE PUBLICATION season FOR TABLE concerts, tickets WITH (publish_via_partition_root = true);
CREATE TEXT SEARCH CONFIGURATION plain (COPY = simple);
CREATE AGGREGATE longest(interval) (SFUNC = interval_larger, STYPE = interval);
`;

export const orchestraRows = `
INSERT INTO players (name, section, chair) VALUES ('Ann', 'strings', 1), ('Bob', 'brass', 1);
INSERT INTO pieces (id, composer, title, opus, length) VALUES (1, 'A', 'B', 'op. 1', '20 min'), (2, 'C', 'D', 'op. 2', '30 min');
INSERT INTO concerts (id, day, hall, piece_id) VALUES (1, '2025-05-05', 'main', 1), (2, '2026-05-05', 'main', 2);
INSERT INTO concerts_24 VALUES (3, '2024-05-05', 'main', 1);
INSERT INTO tickets (concert_id, day, price) VALUES (1, '2025-05-05', 20);
INSERT INTO plays SELECT 10, 1;
INSERT INTO log (line) VALUES ('x');
INSERT INTO log_old (line) VALUES ('y');
INSERT INTO cache VALUES ('a', '1', now());
REFRESH MATERIALIZED VIEW takings;
`;

export const orchestraStatements: readonly Swept[] = [
  // Columns.
  "ALTER TABLE players ADD COLUMN instrument text DEFAULT lower('VIOLIN')",
  "ALTER TABLE players ADD COLUMN born date DEFAULT 'tomorrow'",
  "ALTER TABLE players ADD COLUMN born date DEFAULT 'some day'",
  "ALTER TABLE players ADD COLUMN backup seat DEFAULT 0",
  "ALTER TABLE players ADD COLUMN code int DEFAULT nextval('ticket_no')",
  "ALTER TABLE players ADD COLUMN full_name text GENERATED ALWAYS AS (name || ' ' || section) STORED",
  "ALTER TABLE players ADD COLUMN upper_name text GENERATED ALWAYS AS (upper(name)) STORED",
  "ALTER TABLE pieces ADD COLUMN work opus",
  "ALTER TABLE concerts ADD COLUMN conductor_id int REFERENCES players",
  "ALTER TABLE concerts_25 ADD COLUMN sold int",
  "ALTER TABLE log ADD COLUMN level smallint NOT NULL DEFAULT 1",
  "ALTER TABLE log_old ADD COLUMN line varchar",
  "ALTER TABLE players DROP COLUMN section",
  "ALTER TABLE players DROP COLUMN section CASCADE",
  "ALTER TABLE players DROP COLUMN chair",
  "ALTER TABLE pieces DROP COLUMN notes",
  "ALTER TABLE pieces DROP COLUMN score",
  "ALTER TABLE pieces DROP COLUMN length",
  "ALTER TABLE concerts DROP COLUMN day",
  "ALTER TABLE concerts DROP COLUMN hall",
  "ALTER TABLE concerts DROP COLUMN during",
  "ALTER TABLE tickets ALTER COLUMN price TYPE numeric(8, 2)",
  "ALTER TABLE tickets ALTER COLUMN price TYPE money",
  "ALTER TABLE tickets ALTER COLUMN price TYPE real",
  "ALTER TABLE tickets ALTER COLUMN buyer TYPE jsonb USING buyer::jsonb",
  "ALTER TABLE tickets ALTER COLUMN sold_at TYPE timestamptz",
  "ALTER TABLE tickets ALTER COLUMN concert_id TYPE int",
  "ALTER TABLE tickets ALTER COLUMN no TYPE numeric",
  "ALTER TABLE pieces ALTER COLUMN notes TYPE varchar(500)",
  "ALTER TABLE pieces ALTER COLUMN title TYPE varchar",
  "ALTER TABLE pieces ALTER COLUMN years TYPE text",
  "ALTER TABLE pieces ALTER COLUMN opus TYPE text",
  "ALTER TABLE pieces ALTER COLUMN mins TYPE bigint",
  "ALTER TABLE players ALTER COLUMN chair TYPE int",
  "ALTER TABLE players ALTER COLUMN contact TYPE text",
  "ALTER TABLE players ALTER COLUMN salary TYPE numeric USING salary::numeric",
  "ALTER TABLE players ALTER COLUMN joined TYPE int USING extract(year FROM joined)",
  "ALTER TABLE players ALTER COLUMN joined SET NOT NULL",
  "ALTER TABLE pieces ALTER COLUMN length SET NOT NULL",
  "ALTER TABLE players ALTER COLUMN id SET GENERATED ALWAYS SET CACHE 5",
  "ALTER TABLE players ALTER COLUMN chair SET DEFAULT -1",
  "ALTER TABLE players ALTER COLUMN section SET DEFAULT 'voices'",
  "ALTER TABLE players ALTER COLUMN contact SET STORAGE PLAIN",
  "ALTER TABLE log ALTER COLUMN line SET NOT NULL",
  "ALTER TABLE log ALTER COLUMN id TYPE bigint",
  // Constraints.
  "ALTER TABLE tickets ADD CONSTRAINT cheap CHECK (price < 500)",
  "ALTER TABLE tickets ADD CONSTRAINT tickets_pkey UNIQUE (concert_id)",
  "ALTER TABLE tickets ADD PRIMARY KEY (concert_id)",
  "ALTER TABLE tickets ADD FOREIGN KEY (no) REFERENCES pieces (composer)",
  "ALTER TABLE plays ADD CONSTRAINT u UNIQUE USING INDEX pieces_title",
  "ALTER TABLE pieces ADD CONSTRAINT u UNIQUE USING INDEX pieces_title",
  "ALTER TABLE concerts ADD EXCLUDE USING gist (during WITH &&)",
  "ALTER TABLE pieces ADD EXCLUDE USING gist (years WITH &&)",
  "ALTER TABLE pieces ADD EXCLUDE USING gist (years WITH <)",
  "ALTER TABLE players ALTER CONSTRAINT players_mentor_id_fkey DEFERRABLE INITIALLY DEFERRED",
  "ALTER TABLE players DROP CONSTRAINT players_pkey",
  "ALTER TABLE pieces VALIDATE CONSTRAINT long_enough",
  "ALTER TABLE pieces DROP CONSTRAINT short_enough",
  "ALTER TABLE pieces DROP CONSTRAINT IF EXISTS short_enough",
  // Partitions.
  "ALTER TABLE concerts ATTACH PARTITION concerts_24 FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')",
  "ALTER TABLE concerts ATTACH PARTITION concerts_24 FOR VALUES FROM ('2024-06-01') TO ('2025-01-01')",
  "ALTER TABLE concerts ATTACH PARTITION concerts_24 FOR VALUES IN ('main')",
  "ALTER TABLE concerts DETACH PARTITION concerts_26_main",
  "CREATE TABLE concerts_26_small PARTITION OF concerts_26 FOR VALUES IN ('2026-06-06')",
  "CREATE TABLE concerts_27 PARTITION OF concerts (CHECK (hall <> '')) FOR VALUES FROM ('2027-01-01') TO (MAXVALUE)",
  "CREATE TABLE concerts_27 PARTITION OF concerts FOR VALUES FROM ('2027-01-01') TO ('2027-01-01')",
  "DROP TABLE concerts_25",
  "DROP TABLE concerts_26_main CASCADE",
  "TRUNCATE concerts",
  "TRUNCATE concerts, tickets",
  "ALTER TABLE log_old NO INHERIT log",
  "ALTER TABLE concerts SET UNLOGGED",
  // Indexes.
  'CREATE INDEX ON pieces (composer COLLATE "C" DESC NULLS LAST)',
  "CREATE INDEX ON pieces USING gin (keys, composer)",
  "CREATE INDEX ON pieces USING spgist (years)",
  "CREATE INDEX ON pieces USING brin (years)",
  "CREATE INDEX ON pieces (extract(year FROM now()))",
  "CREATE INDEX ON tickets ((sold_at::date))",
  "CREATE INDEX ON tickets (to_char(sold_at, 'YYYY'))",
  "CREATE INDEX ON tickets (buyer)",
  "CREATE UNIQUE INDEX ON concerts (hall)",
  "CREATE UNIQUE INDEX CONCURRENTLY ON takings (total)",
  "ALTER INDEX pieces_title RENAME TO players_pkey",
  "ALTER INDEX pieces_years SET (buffering = maybe)",
  "DROP INDEX concerts_hall, pieces_notes",
  "DROP INDEX players_section_chair_key",
  "REINDEX SCHEMA publik",
  "CLUSTER tickets USING pieces_title",
  // Views.
  "CREATE OR REPLACE VIEW brass AS SELECT id, name FROM players",
  "CREATE OR REPLACE VIEW brass AS SELECT id, name, chair, joined FROM players WHERE section = 'brass'",
  "CREATE OR REPLACE VIEW brass AS SELECT id, name, chair FROM players WHERE section = 'tubas'",
  "ALTER VIEW program RENAME COLUMN mins TO minutes",
  "DROP VIEW takings",
  "REFRESH MATERIALIZED VIEW CONCURRENTLY takings",
  "CREATE MATERIALIZED VIEW takings AS SELECT 1",
  // Types, domains, sequences, functions.
  "ALTER TYPE section ADD VALUE 'voices' BEFORE 'strings'",
  "ALTER TYPE contact ALTER ATTRIBUTE phone TYPE varchar(20)",
  "ALTER TYPE contact RENAME ATTRIBUTE fax TO phone",
  "ALTER DOMAIN opus DROP CONSTRAINT opus_check",
  "ALTER DOMAIN opus VALIDATE CONSTRAINT opus_check",
  "ALTER DOMAIN seat ADD CONSTRAINT few CHECK (VALUE < 100)",
  "ALTER SEQUENCE ticket_no MINVALUE 0 START 0",
  "ALTER SEQUENCE players_id_seq OWNED BY plays.player_id",
  "CREATE OR REPLACE FUNCTION minutes(i interval) RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT 1::bigint'",
  "DROP FUNCTION minutes(interval)",
  "DROP AGGREGATE longest(int)",
  // Triggers, policies, publications and others.
  "CREATE TRIGGER t BEFORE UPDATE OF mins ON pieces FOR EACH ROW EXECUTE FUNCTION stamp()",
  "CREATE TRIGGER t AFTER INSERT ON brass FOR EACH ROW EXECUTE FUNCTION stamp()",
  "CREATE POLICY p ON tickets USING (cost > 0)",
  "ALTER PUBLICATION season ADD TABLE log (line)",
  "ALTER PUBLICATION season SET (publish_via_partition_root = perhaps)",
  "ALTER TABLE tickets REPLICA IDENTITY USING INDEX tickets_key",
  "COMMENT ON COLUMN program.mins IS 'x'",
  "COMMENT ON DOMAIN section IS 'x'",
  "GRANT UPDATE (name, rank) ON players TO PUBLIC",
  "REVOKE EXECUTE ON FUNCTION minutes(interval) FROM PUBLIC",
  // Rows.
  "INSERT INTO pieces (id, composer, title, opus) VALUES (9, 'x', 'y', '1')",
  "INSERT INTO players (name, section) VALUES ('x', 'voices')",
  "UPDATE players SET chair = chair + 1 WHERE sections = 'brass'",
  "UPDATE tickets SET price = price * 2",
  "DELETE FROM program WHERE mins > 5",
  "INSERT INTO plays VALUES (1, 2, 3)",
  "INSERT INTO cache VALUES ('a', '{') ON CONFLICT (key) DO UPDATE SET value = excluded.value",
];
