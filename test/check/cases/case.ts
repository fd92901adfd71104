/** One case of the rules: SQL in, rule ids out. */
export type CaseOptions = {
  /** What earlier migrations have built. Default: `shop`. `null`: nothing is known. */
  readonly schema?: string | null;
  readonly version?: number;
  readonly inTransaction?: true;
  readonly policy?: true;
};

/** A claim, the SQL (or several files of one run), the ids that must be found, and no other. */
export type Case = readonly [
  claim: string,
  sql: string | readonly string[],
  rules: readonly string[],
  options?: CaseOptions,
];

/** Tables that most cases are about. */
export const shop = `
CREATE EXTENSION IF NOT EXISTS citext;
CREATE TABLE users (
  id bigint PRIMARY KEY,
  email varchar(50) NOT NULL,
  name text,
  handle text,
  age integer,
  score numeric(10,2),
  code char(5),
  created_at timestamp NOT NULL DEFAULT now(),
  seen_at timestamp(3),
  addr cidr,
  bits varbit(8),
  settings json,
  token uuid
);
CREATE UNIQUE INDEX users_email_key ON users (email);
CREATE INDEX users_age_idx ON users (age);
CREATE TABLE orders (
  id bigint PRIMARY KEY,
  user_id bigint,
  state text,
  total integer NOT NULL DEFAULT 0,
  note varchar
);
CREATE TABLE events (id bigint NOT NULL, at date NOT NULL) PARTITION BY RANGE (at);
CREATE TABLE events_2024 PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE events_2025 (id bigint NOT NULL, at date NOT NULL);
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE DOMAIN amount AS integer;
CREATE DOMAIN positive AS integer CHECK (VALUE > 0);
CREATE TABLE bills (id bigint PRIMARY KEY, total amount, mood mood);
CREATE MATERIALIZED VIEW totals AS SELECT state, count(*) AS n FROM orders GROUP BY state;
CREATE UNIQUE INDEX totals_state ON totals (state);
`;
