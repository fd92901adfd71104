/** Histories of others in JavaScript and TypeScript: whole by Slipway, and finished where their own tool had come half way. */
import { cpSync, existsSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { afterAll, describe, expect, onTestFinished, test } from "vitest";
import { emptyProject, writeFile } from "../compat/project.ts";
import { runProgram } from "../compat/tool.ts";
import { commandLine } from "./command-line.ts";
import { ownTools } from "./own-tools.ts";
import { startPostgres15 } from "./postgres-15.ts";
import { postgresRowCounts, rowsHash } from "./row-counts.ts";
import { postgresSchemaHash } from "./schema-hash.ts";

type History = {
  readonly name: string;
  readonly tool: keyof typeof ownTools;
  readonly count: number;
  /** Hashes of schema and rows. Default: those that its own tool makes now. */
  readonly facts?: { readonly schema: string; readonly rows: string };
  /** Variables that its files ask for. */
  readonly env?: { readonly [variable: string]: string };
  /** That all of it goes down again. */
  readonly goesDown?: true;
};

const histories: readonly History[] = [
  {
    name: "rafiki",
    tool: "knex",
    count: 68,
    facts: {
      schema: "a4afcbcb0a0924edc4c137e73d7906017dd3c0c7176b5b8023b23d424955b47f",
      rows: "a68388f9feb49568c80cf66caade773d77c1e583f7d5d88dea2d3d156f121024",
    },
    env: {
      OPERATOR_TENANT_ID: "438fa74a-fa7d-4317-9ced-dde32ece1787",
      ADMIN_API_SECRET: "secret",
    },
    goesDown: true,
  },
  {
    name: "bsky",
    tool: "kysely",
    count: 59,
    facts: {
      schema: "a298a68ced137810a5e4913062d84507124ec0b104ec8c2c88abbf3581fc6d1b",
      rows: "7a926003ced8848df7324a445206d3d58d460675da27724510f8911d9aa06399",
    },
  },
  // Four of its files call programs of the project, but not where somebody else hosts it.
  { name: "outline", tool: "umzug", count: 301, env: { DEPLOYMENT: "hosted" } },
];

// listing.test.ts says that the histories are skipped.
const corpora = process.env.SLIPWAY_CORPORA ?? "";
const postgres15 = corpora === "" ? undefined : await startPostgres15();
afterAll(() => postgres15?.stop());

describe.each(histories)("$name", (history) => {
  const { name, tool, count, facts, env = {}, goesDown } = history;
  const here = postgres15 !== undefined && existsSync(join(corpora, name));

  test.runIf(here)("makes what its own tool makes, whole and from half way", async () => {
    const folder = emptyProject();
    writeFile(folder, "package.json", "{}");
    writeFile(folder, "own.mjs", ownTools[tool].program);
    cpSync(join(corpora, name), join(folder, "migrations"), { recursive: true });
    const own = (url: string, ...given: readonly string[]) =>
      runProgram(folder, ["own.mjs", url, ...given], env);
    const expected = facts ?? (await made(await database(), (url) => own(url), tool));

    const whole = await database();
    const first = slipway(history, folder, whole.url);
    const empty = await state(whole, tool);
    expect(countOf(first.run("migrate"))).toBe(count);
    expect(await state(whole, tool)).toEqual(expected);
    const loaded = await database();
    first.run("dump", "--out", "whole.sql");
    const third = slipway(history, folder, loaded.url);
    expect(third.run("load", "whole.sql").document.error).toBeUndefined();
    expect((await state(loaded, tool)).schema).toBe(expected.schema);
    expect(third.run("dump", "--check", "--out", "whole.sql").document.error).toBeUndefined();
    slipway(history, folder, whole.url);
    if (goesDown) {
      expect(countOf(first.run("rollback", "main", "--all", "--yes"))).toBe(count);
      expect(await state(whole, tool)).toEqual(empty);
    }

    const partly = await database();
    const half = Math.floor(count / 2);
    await own(partly.url, String(half));
    const second = slipway(history, folder, partly.url);
    expect(second.run("migrate").document.error?.code).toBe("history_foreign");
    const adopted = second.run("adopt").document as unknown as { recorded?: readonly unknown[] };
    expect(adopted.recorded).toHaveLength(half);
    expect(countOf(second.run("migrate"))).toBe(count - half);
    expect(await state(partly, tool)).toEqual(expected);

    const short = await database();
    const fourth = slipway(history, folder, short.url);
    const to = fourth.run("status").document.repos?.[0]?.migrations[half]?.version ?? "";
    const squashed = fourth.run("squash", "--to", to, "--shadow", postgres15!.url);
    expect(squashed.document.error).toBeUndefined();
    expect(countOf(fourth.run("migrate"))).toBe(count - half);
    expect((await state(short, tool)).schema).toBe(expected.schema);
  });
});

type Database = {
  readonly url: string;
  ask(sql: string): Promise<readonly { readonly [column: string]: unknown }[]>;
};

let number = 0;

async function database(): Promise<Database> {
  const server = new pg.Client({ connectionString: postgres15!.url });
  const name = `code_${process.pid}_${++number}`;
  await server.connect();
  await server.query(`CREATE DATABASE ${name} TEMPLATE template0`);
  const url = new URL(postgres15!.url);
  url.pathname = `/${name}`;
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  onTestFinished(async () => {
    await client.end();
    await server.query(`DROP DATABASE ${name} WITH (FORCE)`);
    await server.end();
  });
  return { url: url.href, ask: async (sql) => (await client.query(sql)).rows };
}

type State = { readonly schema: string; readonly rows: string };

async function state({ url, ask }: Database, tool: History["tool"]): Promise<State> {
  const without = ownTools[tool].tables;
  const schema = postgresSchemaHash(url, {
    ...{ pgDump: postgres15!.pgDump, historyTable: "schema_migrations", without },
  });
  return { schema, rows: rowsHash(await postgresRowCounts(ask)) };
}

async function made(
  one: Database,
  by: (url: string) => Promise<unknown>,
  tool: History["tool"],
): Promise<State> {
  await by(one.url);
  return state(one, tool);
}

function slipway({ tool, env }: History, folder: string, url: string) {
  return commandLine({
    adapter: `postgres({ url: ${JSON.stringify(url)} })`,
    migrations: join(folder, "migrations"),
    ...{ compat: ownTools[tool].compat, folder, env },
  });
}

function countOf({ document }: ReturnType<ReturnType<typeof slipway>["run"]>) {
  return document.error?.message ?? document.repos?.[0]?.migrations.length;
}
