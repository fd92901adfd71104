/**
 * Every statement of real histories, as `check --trace` sees it on a real server, beside what `check` says of it.
 * They run in the full form alone: `SLIPWAY_CORPORA=… npm run faults -- test/corpora/traced.test.ts`.
 */
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, inject, it, onTestFinished } from "vitest";
import { pglite } from "../../src/adapters/pglite/index.ts";
import { defineRelease } from "../../src/index.ts";
import { type RepoTrace, traceRelease } from "../../src/shadow/trace/trace-release.ts";
import type { TracedStatement } from "../../src/shadow/trace/traced.ts";
import { emptyProject, writeFile } from "../compat/project.ts";
import { figuresOf, full } from "../faults/support/figures.ts";
import { commandLine } from "./command-line.ts";
import { ownTools } from "./own-tools.ts";
import { startPostgres15 } from "./postgres-15.ts";

const corpora = process.env.SLIPWAY_CORPORA ?? "";
const statementsOf: { readonly [name: string]: number } = {
  "authelia-postgres": 206,
  "crates-io": 636,
  dokploy: 903,
  hatchet: 908,
  langfuse: 1083,
  memos: 62,
  minder: 428,
  "odd-platform": 438,
  penpot: 548,
  rallly: 654,
  "supabase-storage": 219,
  umami: 177,
};
const here = Object.keys(statementsOf).filter(
  (name) => full && corpora !== "" && existsSync(join(corpora, name)),
);
if (here.length === 0)
  console.warn("traced: skipped, it is of the full form and needs SLIPWAY_CORPORA");

/** Histories in code of other tools: how many statements they send, and the variables that they ask for. */
const ofCode: {
  readonly [name: string]: {
    readonly tool: keyof typeof ownTools;
    readonly statements: number;
    readonly env?: { readonly [variable: string]: string };
  };
} = {
  bsky: { tool: "kysely", statements: 156 },
  outline: { tool: "umzug", statements: 1012, env: { DEPLOYMENT: "hosted" } },
  rafiki: {
    tool: "knex",
    statements: 283,
    env: {
      OPERATOR_TENANT_ID: "438fa74a-fa7d-4317-9ced-dde32ece1787",
      ADMIN_API_SECRET: "secret",
    },
  },
};

const figures = figuresOf("traced");
const fifteen = here.length === 0 ? undefined : await startPostgres15();
afterAll(() => fifteen?.stop());
const places = [
  { major: 18, url: inject("postgresUrl") },
  ...(fifteen === undefined ? [] : [{ major: 15, url: fifteen.url }]),
];

/** Where the rules and the server differ, by the version of PostgreSQL: docs/safety.md says why. */
const known: { readonly [name: string]: (major: number) => number } = {
  // DROP TRIGGER IF EXISTS after code that cannot be read (4), and ALTER TABLE in a text that is put together.
  "supabase-storage": () => 5,
  // An index that its partitions have already, which code made that cannot be read.
  hatchet: () => 1,
  // The planner of 15 reads a table of a few rows as a whole, beside its unique index.
  langfuse: (major) => (major < 18 ? 2 : 0),
};

/** Histories that ask for functions of a newer server. */
const needs: { readonly [name: string]: number } = { memos: 16 };

describe.each(places)("PostgreSQL $major", ({ major, url }) => {
  const able = here.filter((name) => (needs[name] ?? 0) <= major);
  it.for(Object.keys(statementsOf))("%s", { timeout: 900_000 }, async (name, { skip }) => {
    skip(!able.includes(name), "not in the short form, not here, or for a newer server");
    const { statements, failed } = await traced(name, url);
    expect(failed?.message).toBeUndefined();
    figures.must(`${major}: ${name}: statements`, statements.length, statementsOf[name] ?? 0);
    const disagree = statements.filter(({ disagrees }) => disagrees !== undefined).map(told);
    for (const one of disagree) console.log(`${name} on PostgreSQL ${major}: ${one}`);
    figures.must(`${major}: ${name}: disagree`, disagree.length, known[name]?.(major) ?? 0);
  });

  it.for(Object.entries(ofCode))("%s", { timeout: 900_000 }, ([name, history], { skip }) => {
    skip(
      here.length === 0 || !existsSync(join(corpora, name)),
      "not in the short form, or not here",
    );
    const folder = emptyProject();
    writeFile(folder, "package.json", "{}");
    cpSync(join(corpora, name), join(folder, "migrations"), { recursive: true });
    const address = new URL(url);
    address.searchParams.set("options", `-c ${inVienna}`);
    const { exitCode, document } = commandLine({
      ...{ folder, migrations: join(folder, "migrations"), env: history.env },
      adapter: `postgres({ url: ${JSON.stringify(url)} })`,
      compat: ownTools[history.tool].compat,
    }).run("check", "--trace", "--all", "--shadow", address.href);
    expect(exitCode).toBe(0);
    const [trace] = (document as unknown as { readonly traces: readonly RepoTrace[] }).traces;
    const statements = trace?.statements ?? [];
    figures.must(`${major}: ${name}: statements`, statements.length, history.statements);
    const disagree = statements.filter(({ disagrees }) => disagrees !== undefined).map(told);
    for (const one of disagree) console.log(`${name} on PostgreSQL ${major}: ${one}`);
    figures.must(`${major}: ${name}: disagree`, disagree.length, 0);
  });
});

function told({ version, sql, disagrees }: TracedStatement): string {
  return `${version} ${sql.replace(/\s+/g, " ").slice(0, 160)}: ${disagrees}`;
}

/** Each migration is a run of its own: what those before it have made is in use. */
async function traced(name: string, url: string) {
  const release = defineRelease({
    app: "traced",
    repos: {
      main: {
        // Never opened: the shadow takes its place.
        adapter: pglite({ dataDir: "/nowhere" }),
        migrations: name === "hatchet" ? untilGo(join(corpora, name)) : join(corpora, name),
        safe: "off",
      },
    },
  });
  const inventory = await release.inventory();
  const wanted = new Set(inventory[0]?.migrations.map(({ file }) => file.version));
  const address = new URL(url);
  const settings = [inVienna, ...(settingsOf[name] ?? [])];
  address.searchParams.set("options", settings.map((one) => `-c ${one}`).join(" "));
  return traceRelease(release, {
    ...{ repo: "main", wanted, oneByOne: true, shadowUrl: address.href },
    shadowSql: name === "memos" ? readFileSync(join(corpora, "base/memos.sql"), "utf8") : undefined,
    now: () => performance.now(),
  });
}

/** Its migrations in SQL, as far as the first in Go. */
function untilGo(folder: string): string {
  const files = readdirSync(folder).sort();
  const until = mkdtempSync(join(tmpdir(), "slipway-traced-"));
  onTestFinished(() => rmSync(until, { recursive: true }));
  for (const file of files.slice(
    0,
    files.findIndex((one) => one.endsWith(".go")),
  ))
    writeFileSync(
      join(until, file),
      // In small letters Slipway does not read it.
      readFileSync(join(folder, file), "utf8").replace(
        "+goose no transaction",
        "+goose NO TRANSACTION",
      ),
    );
  return until;
}

/** A time zone with an offset, as the rules expect it. */
const inVienna = "timezone=Europe/Vienna";

/** What the tool of a history sets. */
const settingsOf: { readonly [name: string]: readonly string[] } = {
  "supabase-storage": ["search_path=storage,public", "storage.install_roles=true"],
};
