/** The rows of other tools, as they write them: for a team that goes back. Plain data and pure functions. */
import type { FileFacts, ForeignHistory, Hashes } from "./foreign-history.ts";

/** What a column is to hold. A `Date` is written as the database has it. */
export type BackValue = string | number | boolean | Date | null;
export type BackRow = { readonly [column: string]: BackValue };

/** `row`: one for each migration. `newest`: one row in all. `no`: why its history cannot be written rightly. */
export type Back =
  | {
      readonly kind: "row";
      /** The column that tells which migration a row is of: the first of these that says something. */
      readonly by: readonly string[];
      /** A column that goes on from the largest that is there: `next` of a row. */
      readonly counts?: string;
      row(
        file: FileFacts,
        about: { readonly key: string; readonly at: Date; readonly next: number },
        hashes: Hashes,
      ): BackRow;
    }
  | { readonly kind: "newest"; row(key: string): BackRow }
  | { readonly kind: "no"; readonly because: string };

const graph = "its rows name revisions of a graph, which its own files alone have";
const chain = "each of its rows signs all that ran before it";
const bytes = "it keeps a checksum of the bytes of each file";

const backs: { readonly [tool: string]: Back } = {
  alembic: { kind: "no", because: graph },
  atlas: { kind: "no", because: chain },
  "databases-pg-migrations": { kind: "no", because: "it keeps the whole source of each file" },
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
  "graphile-migrate": { kind: "no", because: chain },
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
  liquibase: { kind: "no", because: "its checksums are of changesets as it parses them" },
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
  sqlx: { kind: "no", because: bytes },
  supabase: { kind: "no", because: "it keeps the statements of each file as it cuts them" },
  tern: { kind: "newest", row: (key) => ({ version: Number(key) }) },
  typeorm: {
    kind: "row",
    by: ["name"],
    row: (_, { key, at }) => ({
      timestamp: Number(/\d{13}/.exec(key)?.[0] ?? at.getTime()),
      name: key,
    }),
  },
  yoyo: { kind: "no", because: "its rows are known by a hash that its own program makes" },
};

/** How the history of a tool is written. */
export function backOf({ tool }: ForeignHistory): Back {
  return backs[tool] ?? { kind: "no", because: "nobody has tried it" };
}

function byName(row: (key: string, at: Date) => BackRow): Back {
  return { kind: "row", by: ["name"], row: (_, { key, at }) => row(key, at) };
}

/** Drizzle 1.0: the second that the name of a folder begins with, in UTC. */
function folderTime(stem: string): number | undefined {
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?!\d)/.exec(stem) ?? [];
  if (year === undefined) return undefined;
  return Date.UTC(
    +year,
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
  );
}

/** Without the ends of the lines, as Flyway reads it. */
function lines(text: string, { crc32 }: Hashes): number {
  return crc32(
    text
      .replace(/^\uFEFF/, "")
      .split(/\r\n|\r|\n/)
      .join(""),
  );
}

/** `V1_2__add_x.sql`: version 1.2, "add x". */
function flywayName(script: string): BackRow {
  const [, version, words = ""] = /^(?:[VB]([\d._]+)|R)__(.*)\.sql$/.exec(script) ?? [];
  return {
    version: version?.replaceAll("_", ".") ?? null,
    description: words.replaceAll("_", " "),
  };
}

function uuid(hex: string): string {
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
