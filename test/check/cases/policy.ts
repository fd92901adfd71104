/** The opt-in tier. Every statement here sets its timeouts unless it is about them. */
import type { Case, CaseOptions } from "./case.ts";

const policy = { policy: true } as const;
const wrapped: CaseOptions = { policy: true, inTransaction: true };
const timed = (sql: string) =>
  `SET LOCAL lock_timeout = '1s'; SET LOCAL statement_timeout = '5s'; ${sql}`;
const both = ["missing-lock-timeout", "missing-statement-timeout"];

// biome-ignore format: one case a line
export const policies: readonly Case[] = [
  ["not asked for", "ALTER TABLE users ADD COLUMN x varchar(5)", []],
  ["no timeouts", "ALTER TABLE public.users ADD COLUMN x int", both, wrapped],
  ["timeouts of the transaction", timed("ALTER TABLE public.users ADD COLUMN x int"), [], wrapped],
  ["timeouts of the session", "SET lock_timeout = '1s'; SET statement_timeout TO 5000; ALTER TABLE public.users ADD COLUMN IF NOT EXISTS x int", [], policy],
  ["SET LOCAL outside of a transaction does nothing", timed("ALTER TABLE public.users ADD COLUMN IF NOT EXISTS x int"), both, policy],
  ["SET LOCAL ends with its transaction", `BEGIN; ${timed("ALTER TABLE public.users ADD COLUMN x int")}; COMMIT; ALTER TABLE public.users ADD COLUMN IF NOT EXISTS y int;`, both, policy],
  ["a timeout of 0 is none", "SET LOCAL lock_timeout = 0; SET LOCAL statement_timeout = '5s'; ALTER TABLE public.users ADD COLUMN x int", ["missing-lock-timeout"], wrapped],
  ["set_config counts", "SELECT set_config('lock_timeout', '1s', true); SET LOCAL statement_timeout = '5s'; ALTER TABLE public.users ADD COLUMN x int", [], wrapped],
  ["a concurrent build needs no lock timeout", "DROP INDEX CONCURRENTLY IF EXISTS i; CREATE INDEX CONCURRENTLY i ON public.users (name)", [], policy],
  ["a new table needs none", "CREATE TABLE public.t (id bigint)", [], wrapped],
  ["json", "CREATE TABLE public.t (id bigint, x json)", ["prefer-jsonb"], wrapped],
  ["json on an old table", timed("ALTER TABLE public.users ADD COLUMN x json"), ["prefer-jsonb"], wrapped],
  ["jsonb", "CREATE TABLE public.t (id bigint, x jsonb)", [], wrapped],
  ["serial", "CREATE TABLE public.t (id bigserial)", ["prefer-identity"], wrapped],
  ["a serial key", "CREATE TABLE public.t (id serial PRIMARY KEY)", ["prefer-bigint-key", "prefer-identity"], wrapped],
  ["an integer key", "CREATE TABLE public.t (id int, x text, PRIMARY KEY (id))", ["prefer-bigint-key"], wrapped],
  ["an integer that is no key", "CREATE TABLE public.t (id bigint PRIMARY KEY, x int)", [], wrapped],
  ["varchar(n)", "CREATE TABLE public.t (x varchar(20))", ["prefer-text"], wrapped],
  ["varchar", "CREATE TABLE public.t (x varchar)", [], wrapped],
  ["char(n)", "CREATE TABLE public.t (x char(20))", ["ban-char"], wrapped],
  ["timestamp", "CREATE TABLE public.t (x timestamp)", ["prefer-timestamptz"], wrapped],
  ["timestamptz", "CREATE TABLE public.t (x timestamptz)", [], wrapped],
  ["four columns", "CREATE TABLE public.t (a int, b int, c int, d int); CREATE INDEX i ON public.t (a, b, c, d)", ["wide-index"], wrapped],
  ["three columns", "CREATE TABLE public.t (a int, b int, c int, d int); CREATE INDEX i ON public.t (a, b, c)", [], wrapped],
  ["four unique columns", "CREATE TABLE public.t (a int, b int, c int, d int); CREATE UNIQUE INDEX i ON public.t (a, b, c, d)", [], wrapped],
  ["an enum", "CREATE TYPE t AS ENUM ('a')", ["create-enum"], policy],
  ["an enum value without a place", "ALTER TYPE mood ADD VALUE 'x'", ["enum-ordering"], policy],
  ["an enum value with a place", "ALTER TYPE mood ADD VALUE 'x' AFTER 'sad'", [], policy],
  ["DROP NOT NULL", timed("ALTER TABLE public.users ALTER COLUMN email DROP NOT NULL"), ["drop-not-null"], wrapped],
  ["a name of 64 bytes", `CREATE TABLE public.${"a".repeat(64)} (id bigint)`, ["identifier-too-long"], wrapped],
  ["a name of 63 bytes", `CREATE TABLE public.${"a".repeat(63)} (id bigint)`, [], wrapped],
  ["a name of 32 letters of two bytes", `CREATE TABLE public."${"é".repeat(32)}" (id bigint)`, ["identifier-too-long"], wrapped],
  ["a foreign key without an index", timed("CREATE TABLE public.t (id bigint, user_id bigint REFERENCES public.users (id))"), ["fk-missing-index"], wrapped],
  ["a foreign key whose index comes later", timed("CREATE TABLE public.t (id bigint, user_id bigint REFERENCES public.users (id)); CREATE INDEX ON public.t (user_id)"), [], wrapped],
  ["a foreign key of another type", timed("CREATE TABLE public.t (id bigint, user_id int REFERENCES public.users (id)); CREATE INDEX ON public.t (user_id)"), ["fk-type-mismatch"], wrapped],
  ["two ALTER TABLE of one table", timed("ALTER TABLE public.users ADD COLUMN x int; ALTER TABLE public.users ADD COLUMN y int"), ["combine-alter-tables"], wrapped],
  ["a name without a schema", timed("ALTER TABLE users ADD COLUMN x int"), ["schema-qualified"], wrapped],
  ["not to be run again", "CREATE TABLE public.t (id bigint)", ["robust-statements"], policy],
  ["to be run again", "CREATE TABLE IF NOT EXISTS public.t (id bigint)", [], policy],
  ["a concurrent index, not to be run again", "CREATE INDEX CONCURRENTLY i ON public.users (name)", ["robust-statements"], policy],
  ["a concurrent index if not there", "CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON public.users (name)", ["invalid-index-retry"], policy],
  ["a trigger", timed("CREATE TRIGGER g BEFORE INSERT ON public.users FOR EACH ROW EXECUTE FUNCTION f()"), ["trigger-change"], wrapped],
  ["a DO block", "DO $$ BEGIN NULL; END $$", ["opaque-code"], policy],
  ["a constrained domain", "CREATE DOMAIN d AS int CHECK (VALUE > 0)", ["domain-with-constraint"], policy],
];
