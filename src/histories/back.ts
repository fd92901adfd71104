/** The rows of other tools, as they write them: for a team that goes back. Plain data and pure functions. */
import {
  atlasSum,
  bytesOf,
  changelogOf,
  flywayName,
  folderTime,
  lines,
  statementsOf,
  uuid,
  wordsOf,
} from "./back-values.ts";
import type { FileFacts, ForeignHistory, Hashes, TextRow } from "./foreign-history.ts";
import { chained } from "./graphile-migrate.ts";

/** The value of a column. A `Date` is written as the database has it. */
export type BackValue = string | number | boolean | Date | Uint8Array | readonly string[] | null;
export type BackRow = { readonly [column: string]: BackValue };

/** The facts that a row may need beside its file. */
export type BackAbout = {
  readonly key: string;
  readonly at: Date;
  readonly next: number;
  /** All files, in their order. */
  readonly files: readonly FileFacts[];
  /** All rows of the table. */
  readonly rows: readonly TextRow[];
};

/** `row`: one for each migration. `newest`: one row in all. `no`: why its history cannot be written rightly. */
export type Back =
  | {
      readonly kind: "row";
      /** The column that tells which migration a row is of: the first of these that says something. */
      readonly by: readonly string[];
      /** Columns that tell it too. Default: none. */
      readonly also?: readonly string[];
      /**
       * Each row builds on the one before it, so there is no gap. Default: each is independent.
       */
      readonly inOrder?: true;
      /** A column that counts up from its largest value: `next` of a row. */
      readonly counts?: string;
      row(file: FileFacts, about: BackAbout, hashes: Hashes): BackRow;
    }
  | { readonly kind: "newest"; row(key: string): BackRow }
  | { readonly kind: "no"; readonly because: string };

const graph = "its rows name revisions of a graph, which its own files alone have";

const backs: { readonly [tool: string]: Back } = {
  alembic: { kind: "no", because: graph },
  atlas: {
    kind: "row",
    by: ["version"],
    // Atlas writes the same for migrations that `atlas migrate set` marks: type 4, and no statement
    // counted.
    row: (file, { key, at, files }, hashes) => ({
      version: key,
      description: wordsOf(file),
      type: 4,
      applied: 0,
      total: 0,
      executed_at: at,
      execution_time: 0,
      error: "",
      error_stmt: "",
      hash: atlasSum(file, files, hashes),
      partial_hashes: "null",
      operator_version: "slipway",
    }),
  },
  "databases-pg-migrations": {
    kind: "row",
    by: ["name"],
    also: ["obsolete"],
    row: ({ base, text }, { key, at }) => ({
      index: Number(/^\d+/.exec(base)?.[0] ?? 0),
      name: key,
      script: text,
      applied_at: at,
      obsolete: false,
    }),
  },
  "db-migrate": byName((key, at) => ({ name: `/${key}`, run_on: at })),
  dbmate: { kind: "row", by: ["version"], row: (_, { key }) => ({ version: key }) },
  diesel: { kind: "row", by: ["version"], row: (_, { key, at }) => ({ version: key, run_on: at }) },
  django: { kind: "no", because: "its files are Python, which Slipway does not run" },
  drizzle: {
    kind: "row",
    by: ["name", "created_at"],
    row: ({ stem, text, journalWhen }, { at }, { sha256 }) => ({
      hash: sha256(text),
      created_at: Number(journalWhen ?? folderTime(stem) ?? at.getTime()),
      name: stem,
      applied_at: at,
    }),
  },
  flyway: {
    kind: "row",
    by: ["script"],
    counts: "installed_rank",
    row: (file, { key, at, next }, hashes) => ({
      installed_rank: next,
      ...flywayName(key),
      type: "SQL",
      script: key,
      checksum: Number(lines(file.text, hashes)),
      installed_by: "slipway",
      installed_on: at,
      execution_time: 0,
      success: true,
    }),
  },
  "golang-migrate": { kind: "newest", row: (key) => ({ version: Number(key), dirty: false }) },
  goose: {
    kind: "row",
    by: ["version_id"],
    row: (_, { key, at }) => ({ version_id: Number(key), is_applied: true, tstamp: at }),
  },
  "graphile-migrate": {
    kind: "row",
    by: ["hash"],
    inOrder: true,
    row: (file, { key, at }, hashes) => {
      const header = (name: string) =>
        new RegExp(`^--! ${name}: *(\\S+)`, "m").exec(file.text)?.[1];
      const previous = header("Previous");
      return {
        hash: header("Hash") ?? `sha1:${chained(file, hashes)}`,
        previous_hash: previous === undefined || previous === "-" ? null : previous,
        filename: `${key}.sql`,
        date: at,
      };
    },
  },
  knex: {
    kind: "row",
    by: ["name"],
    counts: "batch",
    row: ({ base }, { at, next }) => ({ name: base, batch: next, migration_time: at }),
  },
  kysely: {
    kind: "row",
    by: ["name"],
    row: (_, { key, at }) => ({ name: key, timestamp: at.toISOString() }),
  },
  laravel: { kind: "no", because: "its files are PHP, which Slipway does not run" },
  ley: byName((key, at) => ({ name: key, created_at: at })),
  liquibase: {
    kind: "row",
    by: ["id"],
    also: ["author", "filename"],
    counts: "orderexecuted",
    // Without a checksum it makes one at its next update, as after `clear-checksums`.
    row: ({ base }, { key, at, next, rows }) => {
      const filename = changelogOf(base.replace(/ .*$/s, ""), rows);
      if (filename === undefined) return {};
      const [author = "", id = ""] = key.split(/:(.*)/s);
      return {
        ...{ id, author, filename, dateexecuted: at, orderexecuted: next, exectype: "EXECUTED" },
        ...{ md5sum: null, description: "sql", comments: "" },
      };
    },
  },
  "mikro-orm": byName((key, at) => ({ name: key, executed_at: at })),
  "node-pg-migrate": byName((key, at) => ({ name: key, run_on: at })),
  pgroll: { kind: "no", because: "its rows keep the schema behind each migration" },
  postgrator: {
    kind: "row",
    by: ["version"],
    row: ({ stem, text }, { key, at }, { md5 }) => ({
      version: Number(key),
      name: stem.replace(/^\d+\.do\.?/, ""),
      md5: md5(text),
      run_at: at,
    }),
  },
  "postgres-migrations": {
    kind: "row",
    by: ["name"],
    counts: "id",
    row: ({ base, text }, { key, at, next }, { sha1 }) => ({
      id: next,
      name: key,
      hash: sha1(base + text),
      executed_at: at,
    }),
  },
  prisma: {
    kind: "row",
    by: ["migration_name"],
    row: ({ base, text }, { at }, { md5, sha256 }) => ({
      id: uuid(md5(base)),
      checksum: sha256(text),
      finished_at: at,
      migration_name: base,
      started_at: at,
      applied_steps_count: 1,
    }),
  },
  rails: { kind: "row", by: ["version"], row: ({ stem }) => ({ version: /^\d+/.exec(stem)![0] }) },
  sequelize: { kind: "row", by: ["name"], row: ({ base }) => ({ name: base }) },
  "slonik-migrator": {
    kind: "row",
    by: ["name"],
    row: ({ base, text }, { at }, { md5 }) => ({
      name: base,
      hash: md5(text.replace(/\r?\n$/, "")).slice(0, 10),
      date: at,
    }),
  },
  sqitch: { kind: "no", because: "its rows name changes by what sqitch.plan makes of them" },
  "sql-migrate": {
    kind: "row",
    by: ["id"],
    row: ({ base }, { at }) => ({ id: base, applied_at: at }),
  },
  sqlx: {
    kind: "row",
    by: ["version"],
    row: (file, { key, at }, { sha384 }) => ({
      version: Number(key),
      description: wordsOf(file).replaceAll("_", " "),
      installed_on: at,
      success: true,
      checksum: bytesOf(sha384(file.text)),
      execution_time: 0,
    }),
  },
  supabase: {
    kind: "row",
    by: ["version"],
    row: (file, { key }) => ({
      version: key,
      statements: statementsOf(file.text),
      name: wordsOf(file),
    }),
  },
  tern: { kind: "newest", row: (key) => ({ version: Number(key) }) },
  typeorm: {
    kind: "row",
    by: ["name"],
    row: (_, { key, at }) => ({
      timestamp: Number(/\d{13}/.exec(key)?.[0] ?? at.getTime()),
      name: key,
    }),
  },
  yoyo: {
    kind: "row",
    by: ["migration_id"],
    row: (_, { key, at }, { sha256 }) => ({
      migration_hash: sha256(key),
      migration_id: key,
      applied_at_utc: at,
    }),
  },
};

/** How the history of a tool is written. */
export function backOf({ tool }: ForeignHistory): Back {
  return backs[tool] ?? { kind: "no", because: "nobody has tried it" };
}

function byName(row: (key: string, at: Date) => BackRow): Back {
  return { kind: "row", by: ["name"], row: (_, { key, at }) => row(key, at) };
}
