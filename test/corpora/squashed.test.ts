/** Real histories, half of each squashed into one migration: pg_dump finds the schema that the whole history makes. */
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, expect, onTestFinished, test } from "vitest";
import { settled } from "../../src/adapters/postgres/catalog/settled.ts";
import { commandLine } from "./command-line.ts";
import { startPostgres15 } from "./postgres-15.ts";
import { sqliteObjects, withoutNoise } from "./schema-hash.ts";

/** Each with the version that stands in its middle. */
const histories: readonly (readonly [name: string, to: string, before?: string])[] = [
  ["authelia-postgres", "13"],
  ["odd-platform", "000000000050"],
  ["crates-io", "20171112195324"],
  ["rallly", "20250421170921"],
  ["langfuse", "20240606093356"],
  ["minder", "50"],
  ["umami", "10"],
  ["penpot", "80"],
  [
    "supabase-storage",
    "30",
    `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET search_path = storage, public', current_database()); END $$;
DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET storage.install_roles = true', current_database()); END $$;`,
  ],
];

// listing.test.ts says that the histories are skipped.
const corpora = process.env.SLIPWAY_CORPORA ?? "";
const server = corpora === "" ? undefined : await startPostgres15();
if (corpora !== "" && server === undefined)
  console.warn("skipped: real histories are not squashed on PostgreSQL");
afterAll(() => server?.stop());

const here = (name: string) => server !== undefined && existsSync(join(corpora, name));

test.for(histories)("%s up to %s", async ([name, to, before = ""], { skip }) => {
  skip(!here(name), "its history or a server of version 15 is not here");
  const folder = mkdtempSync(join(tmpdir(), "slipway-squashed-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  cpSync(join(corpora, name), folder, { recursive: true });
  const at = (url: string) => {
    const slipway = commandLine({
      adapter: `postgres({ url: ${JSON.stringify(url)} })`,
      migrations: folder,
      safe: "off",
    });
    onTestFinished(() => slipway.dispose());
    return slipway;
  };
  const [whole, short] = [await database(before), await database(before)];
  expect(at(whole).run("migrate").document.error).toBeUndefined();
  const made = at(short).run(
    "squash",
    "--to",
    to,
    "--shadow",
    server?.url ?? "",
    ...beginning(before),
  );
  expect(made.document.error).toBeUndefined();
  expect(readdirSync(folder).filter((file) => /^B[\d._]+__baseline\.sql$/.test(file))).toHaveLength(
    1,
  );
  const ran = at(short).run("migrate").document;
  expect(ran.error).toBeUndefined();
  expect(ran.repos?.[0]?.migrations.length).toBeLessThan(
    at(whole).run("status").document.repos?.[0]?.migrations.length ?? 0,
  );
  const expected = byPgDump(whole);
  expect(expected.length).toBeGreaterThan(100);
  expect(byPgDump(short)).toEqual(expected);
  expect(at(whole).run("migrate").document.repos?.[0]?.migrations).toEqual([]);
});

test.skipIf(corpora === "" || !existsSync(join(corpora, "atuin-client")))(
  "atuin-client up to its middle, on SQLite",
  () => {
    const folder = mkdtempSync(join(tmpdir(), "slipway-squashed-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const migrations = join(folder, "migrations");
    cpSync(join(corpora, "atuin-client"), migrations, { recursive: true });
    const at = (file: string) => {
      const path = JSON.stringify(join(folder, file));
      const slipway = commandLine({ adapter: `sqlite({ path: ${path} })`, migrations });
      onTestFinished(() => slipway.dispose());
      return slipway;
    };
    const [whole, short] = [at("whole.db"), at("short.db")];
    expect(whole.run("migrate").document.error).toBeUndefined();
    expect(short.run("squash", "--to", "20260709214605").document.error).toBeUndefined();
    expect(short.run("migrate").document.repos?.[0]?.migrations).toHaveLength(6);
    const expected = sqliteObjects(join(folder, "whole.db"));
    expect(expected.length).toBeGreaterThan(5);
    expect(sqliteObjects(join(folder, "short.db"))).toEqual(expected);
  },
);

let number = 0;

/** What the shadow begins with, as a file. */
function beginning(sql: string): readonly string[] {
  if (sql === "") return [];
  const folder = mkdtempSync(join(tmpdir(), "slipway-squashed-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, "begin.sql"), sql);
  return ["--shadow-sql", join(folder, "begin.sql")];
}

async function database(before: string): Promise<string> {
  const name = `squashed_${process.pid}_${++number}`;
  await ask(`CREATE DATABASE ${name} TEMPLATE template0`);
  onTestFinished(() => ask(`DROP DATABASE ${name} WITH (FORCE)`));
  const url = Object.assign(new URL(server?.url ?? ""), { pathname: `/${name}` }).href;
  if (before !== "") await ask(before, url);
  return url;
}

async function ask(sql: string, url = server?.url ?? ""): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

/** Without what is ours; pg_dump 15 writes an expression otherwise once the server has read its own text. */
function byPgDump(url: string): readonly string[] {
  const own = ["*.slipway_*", "*.schema_migrations"].map((table) => `--exclude-table=${table}`);
  const { status, stdout, stderr } = spawnSync(
    server?.pgDump ?? "",
    ["-s", "-O", "-x", ...own, "-d", url],
    { encoding: "utf8", maxBuffer: 64 * 1024 * 1024 },
  );
  if (status !== 0) throw new Error(`pg_dump failed: ${stderr}`);
  return withoutNoise(stdout).map(settled);
}
