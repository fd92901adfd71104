import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import pg from "pg";
import { afterAll, describe, expect, inject, onTestFinished, test } from "vitest";
import { type CommandLine, commandLine, type Ended, type ReleaseFacts } from "./command-line.ts";
import { startPostgres15 } from "./postgres-15.ts";
import { postgresRowCounts, rowsHash, sqliteRowCounts } from "./row-counts.ts";
import { postgresSchemaHash, sqliteSchemaHash } from "./schema-hash.ts";

/** A history that others wrote, and how far Slipway takes it. */
type History = {
  readonly name: string;
  readonly database: "postgres" | "sqlite";
  /** Statements that its own tool expects to have run in the database. Default: none. */
  readonly before?: readonly string[];
  readonly count: number;
  /** The hash of the schema when all are up, as psql or sqlite3 make it. */
  readonly schema: string;
  /** The hash of how many rows each table has then. */
  readonly rows: string;
  /** How many of its newest downs run; the next one is broken. Default: it has none. */
  readonly downs?: number;
  /** Whether those downs leave something behind, so that up again is another schema. */
  readonly lossyDowns?: true;
};

const histories: readonly History[] = [
  {
    name: "authelia-postgres",
    database: "postgres",
    count: 26,
    schema: "9abe92e19dc9eab21a762ef5cc9488721c0550e2bfe2d959c3677d2de503af48",
    rows: "01ba4719c80b6fe911b091a7c05124b64eeece964e09c058ef8f9805daca546b",
    downs: 26,
  },
  {
    name: "supabase-storage",
    database: "postgres",
    before: [
      "ALTER DATABASE current SET search_path = 'storage', 'public'",
      "ALTER DATABASE current SET storage.install_roles = 'true'",
    ],
    count: 63,
    schema: "f831151cfd89c45b1a5ce6bd62e9563af251b845423ba1917cc729ebee65ba7d",
    rows: "01ba4719c80b6fe911b091a7c05124b64eeece964e09c058ef8f9805daca546b",
  },
  {
    name: "odd-platform",
    database: "postgres",
    count: 95,
    schema: "60f115260c6994f6878e7abcc14ec4aa73131ec77931877a92b4bb3c88b48a9c",
    rows: "f9fa8765c0edb5fa3890eebd0d8f4b58d329e0d512ffab24ffc5aeead906892f",
  },
  {
    name: "crates-io",
    database: "postgres",
    count: 285,
    schema: "7b38001803aa75a5eb4bfd22f05f3aa324688d7a3406a84bd57f85fb28c17649",
    rows: "f4bc9acda286dab2ae4810f8a8257fff938d15dc13bab4012c06a65b85ce3d79",
    downs: 50,
  },
  {
    name: "minder",
    database: "postgres",
    count: 117,
    schema: "1a4f951bf5f20e92a1fef03f354c0721f6a3f21686b71d7268bc65c7c7fbf63d",
    rows: "3a8ebacf53f208e3a67442c5035113e0e6a788322c486d4807f46a4d9dc7b9e1",
    downs: 13,
    lossyDowns: true,
  },
  {
    name: "langfuse",
    database: "postgres",
    count: 434,
    schema: "147d11921e84523ee3fcd03b1b307fa0167377407af0c3c0d96663a5e36ae5a3",
    rows: "320ca591918cbe7c80628a8a9561bf32f48118b449e783605706325dea4242ba",
  },
  {
    name: "dokploy",
    database: "postgres",
    count: 186,
    schema: "5f3ec9303e1874274201f48976ad4e50810fbddbba352c92cdff8578be26c70c",
    rows: "f16fbfd631bfa62e8b520a9d64612e537fea042aa75f20bdea716fa4c497d881",
  },
  {
    name: "atuin-client",
    database: "sqlite",
    count: 12,
    schema: "5a825252b34c02d5a11c361198e78f654fc28c58e92ce094d31dc34838ca554e",
    rows: "01ba4719c80b6fe911b091a7c05124b64eeece964e09c058ef8f9805daca546b",
  },
];

// listing.test.ts says that the histories are skipped.
const corpora = process.env.SLIPWAY_CORPORA ?? "";
const postgres15 = corpora === "" ? undefined : await startPostgres15();
if (corpora !== "" && postgres15 === undefined)
  console.warn("skipped: the schemas that real histories make on PostgreSQL are not compared");
afterAll(() => postgres15?.stop());

describe.each(histories)("$name", (history) => {
  const { count, downs = 0, lossyDowns = false } = history;
  const compared = history.database === "sqlite" || postgres15 !== undefined;
  const expected = compared ? history.schema : undefined;

  test.runIf(here(history))(
    "goes all the way up, and makes the schema that it makes elsewhere",
    async () => {
      const { slipway, schema } = await start(history, { safe: "off" });
      expect(countOf(slipway.run("migrate"))).toBe(count);
      const status = slipway.run("status").document.repos?.[0]?.migrations ?? [];
      expect(status.map((migration) => migration.status)).toEqual(Array(count).fill("up"));
      expect(schema()).toBe(expected);
    },
  );

  test.runIf(here(history) && downs > 0)(
    "goes down as far as its downs go, and up again",
    async () => {
      const { slipway, schema } = await start(history, { safe: "off" });
      const empty = schema();
      slipway.run("migrate");
      expect(countOf(slipway.run("rollback", "main", "--step", `${downs}`, "--yes"))).toBe(downs);
      if (downs === count) expect(schema()).toBe(empty);
      else expect(slipway.run("rollback", "main", "--step", "1", "--yes").exitCode).not.toBe(0);
      expect(countOf(slipway.run("migrate"))).toBe(downs);
      if (!lossyDowns) expect(schema()).toBe(expected);
    },
  );

  // All of them ran in production, so a rule that calls one certain to fail is wrong.
  test.runIf(here(history))("runs as it is, as a release takes it by default", async () => {
    const { slipway, schema, rows } = await start(history, {});
    expect(countOf(slipway.run("migrate"))).toBe(count);
    expect(schema()).toBe(expected);
    expect(rowsHash(await rows())).toBe(history.rows);
  });
});

test.runIf(here({ name: "hatchet" }))("hatchet is refused by its nine migrations in Go", () => {
  const migrations = join(corpora, "hatchet");
  const slipway = commandLine({ adapter: 'sqlite({ path: "none.db" })', migrations });
  onTestFinished(() => slipway.dispose());
  const { exitCode, document } = slipway.run("migrate");
  expect(exitCode).toBe(2);
  expect(document.error).toMatchObject({
    code: "layout_unknown",
    message: expect.stringMatching(/9 files .* would not run: 20251226153622_v1_0_66\.go, /),
  });
});

type Started = {
  readonly slipway: CommandLine;
  /** `undefined` where it cannot be told, or where there is no database. */
  schema(): string | undefined;
  rows(): Promise<readonly string[]>;
};

function here({ name }: Pick<History, "name">): boolean {
  return corpora !== "" && existsSync(join(corpora, name));
}

/** A release with the history and an empty database, which go when the test ends. */
async function start(history: History, { safe }: Pick<ReleaseFacts, "safe">): Promise<Started> {
  const { name, before = [] } = history;
  const migrations = join(corpora, name);
  const database = history.database === "sqlite" ? sqliteFile() : await postgresDatabase(before);
  const slipway = commandLine({ adapter: database.adapter, migrations, safe });
  onTestFinished(() => slipway.dispose());
  return { slipway, schema: () => database.schema("schema_migrations"), rows: database.rows };
}

function sqliteFile() {
  const folder = mkdtempSync(join(tmpdir(), "slipway-corpora-sqlite-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "history.db");
  return {
    adapter: `sqlite({ path: ${JSON.stringify(path)} })`,
    // Nobody has made the file as long as nothing has run.
    schema: (historyTable: string) =>
      existsSync(path) ? sqliteSchemaHash(path, { historyTable }) : undefined,
    rows: async () => {
      const database = new DatabaseSync(path, { readOnly: true });
      return sqliteRowCounts(async (sql) => database.prepare(sql).all()).finally(() =>
        database.close(),
      );
    },
  };
}

let made = 0;

async function postgresDatabase(before: readonly string[]) {
  const server = postgres15?.url ?? inject("postgresUrl");
  const name = `history_${process.pid}_${++made}`;
  const url = new URL(server);
  url.pathname = `/${name}`;
  await ask(server, `CREATE DATABASE ${name} TEMPLATE template0`);
  onTestFinished(() => ask(server, `DROP DATABASE ${name} WITH (FORCE)`).then(() => undefined));
  for (const sql of before)
    await ask(url.href, sql.replace("DATABASE current", `DATABASE ${name}`));
  return {
    adapter: `postgres({ url: ${JSON.stringify(url.href)} })`,
    schema: (historyTable: string) =>
      postgres15 && postgresSchemaHash(url.href, { pgDump: postgres15.pgDump, historyTable }),
    rows: () => postgresRowCounts((sql) => ask(url.href, sql)),
  };
}

async function ask(url: string, sql: string): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

/** How many migrations a command ran, or why it failed. */
function countOf({ document }: Ended): number | string | undefined {
  return document.error?.message ?? document.repos?.[0]?.migrations.length;
}
