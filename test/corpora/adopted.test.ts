/** Histories of others in a database that is half way: psql ran the first half, and their own tool's rows say so. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import pg from "pg";
import { describe, expect, inject, onTestFinished, test } from "vitest";
import { findMigrations } from "../../src/engine/discovery/folders.ts";
import { debianProgram } from "../support/debian.ts";
import { catalogLines } from "./catalog.ts";
import { commandLine } from "./command-line.ts";
import { foreignRows, type RanFile, type Tool } from "./foreign-rows.ts";
import { postgresRowCounts, sqliteRowCounts } from "./row-counts.ts";

type History = {
  readonly name: string;
  readonly count: number;
  /** Whose rows they are. Default: it keeps none that is known, so the version is named with `baseline`. */
  readonly tool?: Tool;
  readonly database?: "sqlite";
  readonly before?: readonly string[];
  /** Files that psql runs in one transaction each, for they need one. */
  readonly together?: true;
};

const histories: readonly History[] = [
  { name: "authelia-postgres", count: 26 },
  {
    name: "supabase-storage",
    count: 63,
    tool: "postgres-migrations",
    before: [
      "ALTER DATABASE current SET search_path = 'storage', 'public'",
      "ALTER DATABASE current SET storage.install_roles = 'true'",
    ],
  },
  { name: "odd-platform", count: 95, tool: "flyway", together: true },
  { name: "crates-io", count: 285, tool: "diesel" },
  { name: "minder", count: 117, tool: "golang-migrate" },
  { name: "langfuse", count: 434, tool: "prisma" },
  { name: "dokploy", count: 186, tool: "drizzle" },
  { name: "atuin-client", count: 12, tool: "sqlx", database: "sqlite" },
  { name: "umami", count: 19, tool: "prisma" },
  { name: "rallly", count: 145, tool: "prisma" },
  { name: "penpot", count: 160 },
  { name: "memos", count: 26 },
  { name: "memos-sqlite", count: 61, database: "sqlite" },
];

const corpora = process.env.SLIPWAY_CORPORA ?? "";
const psql =
  corpora === ""
    ? undefined
    : debianProgram("psql", "postgresql-client-15", "/usr/lib/postgresql/15/bin");

describe.each(histories)("$name", (history) => {
  const isHere = existsSync(join(corpora, history.name)) && corpora !== "";
  const canRun = isHere && (history.database === "sqlite" || psql !== undefined);

  test.runIf(canRun)("is finished where its own tool had come half way", async () => {
    const { name, count, tool } = history;
    const folder = join(corpora, name);
    const files = await filesOf(folder);
    expect(files).toHaveLength(count);
    const half = files.slice(0, Math.floor(count / 2));

    const whole = await place(history);
    await whole.run(files.map(({ path }) => path));
    const partly = await place(history);
    await partly.run(half.map(({ path }) => path));
    if (tool !== undefined) await partly.send(foreignRows(tool, half));

    const slipway = commandLine({
      adapter: partly.adapter,
      migrations: folder,
    });
    onTestFinished(() => slipway.dispose());
    const taken = (tool === undefined
      ? slipway.run("baseline", "--at", half.at(-1)!.version)
      : slipway.run("adopt")
    ).document as unknown as { readonly [list: string]: readonly unknown[] };
    expect(taken.error).toBeUndefined();
    expect(taken.counted ?? taken.recorded).toHaveLength(half.length);
    const { document } = slipway.run("migrate");
    expect(document.error?.message ?? document.repos?.[0]?.migrations.length).toBe(
      count - half.length,
    );
    expect(await partly.lines()).toEqual(await whole.lines());
    expect(await partly.rows()).toEqual(await whole.rows());
  });
});

type RealFile = RanFile & { readonly path: string; readonly version: string };

/** In the order that listing.test.ts and the facts of the histories agree on. */
async function filesOf(folder: string): Promise<readonly RealFile[]> {
  const journal = join(folder, "meta/_journal.json");
  const entries: readonly { readonly tag: string; readonly when: number }[] = existsSync(journal)
    ? JSON.parse(readFileSync(journal, "utf8")).entries
    : [];
  const whens = new Map(entries.map(({ tag, when }) => [tag, when]));
  const { found } = await findMigrations(folder, { repo: "main", root: "/" });
  return found.map(({ file, files }) => {
    const path = files.kind === "pair" ? files.up! : files.path;
    const inFolder = /\/(?:up|migration)\.sql$/.test(path);
    const base = inFolder ? file.id : path.replace(/^.*\//, "");
    const { version } = file;
    return { path, base, text: readFileSync(path, "utf8"), when: whens.get(file.id), version };
  });
}

type Place = {
  readonly adapter: string;
  run(paths: readonly string[]): Promise<void>;
  send(statements: readonly string[]): Promise<void>;
  lines(): Promise<readonly unknown[]>;
  rows(): Promise<readonly string[]>;
};

let made = 0;

async function place(history: History): Promise<Place> {
  return history.database === "sqlite" ? sqliteFile(history) : postgresDatabase(history);
}

async function sqliteFile({ name }: History): Promise<Place> {
  const folder = mkdtempSync(join(tmpdir(), "slipway-adopted-"));
  const path = join(folder, "history.db");
  const database = new DatabaseSync(path);
  const base = join(corpora, `base/${name}.sql`);
  if (existsSync(base)) database.exec(readFileSync(base, "utf8"));
  onTestFinished(() => {
    database.close();
    rmSync(folder, { recursive: true });
  });
  return {
    adapter: `sqlite({ path: ${JSON.stringify(path)} })`,
    run: async (paths) => database.exec(paths.map((one) => readFileSync(one, "utf8")).join("\n")),
    send: async (statements) => database.exec(statements.join(";\n")),
    lines: async () =>
      database
        .prepare(
          "SELECT tbl_name, sql FROM sqlite_master WHERE sql IS NOT NULL AND tbl_name NOT LIKE 'slipway_%' AND tbl_name NOT LIKE 'sqlite_%' AND tbl_name NOT IN ('schema_migrations', '_sqlx_migrations') ORDER BY name",
        )
        .all(),
    rows: () => sqliteRowCounts(async (sql) => database.prepare(sql).all()),
  };
}

async function postgresDatabase({ name, before = [], together }: History): Promise<Place> {
  const server = inject("postgresUrl");
  const database = `adopted_${process.pid}_${++made}`;
  const url = new URL(server);
  url.pathname = `/${database}`;
  await ask(server, [`CREATE DATABASE ${database} TEMPLATE template0`]);
  onTestFinished(async () => {
    await ask(server, [`DROP DATABASE ${database} WITH (FORCE)`]);
  });
  await ask(
    url.href,
    before.map((sql) => sql.replace("DATABASE current", `DATABASE ${database}`)),
  );
  const base = join(corpora, `base/${name}.sql`);
  const run = async (paths: readonly string[]) => {
    const steps = paths.flatMap((path) => [
      ...(together ? ["-c", "BEGIN"] : []),
      ...["-f", path],
      ...(together ? ["-c", "COMMIT"] : []),
      ...["-c", "DISCARD ALL"],
    ]);
    const argv = ["-q", "-v", "ON_ERROR_STOP=1", "-d", url.href, ...steps];
    const { status, stderr } = spawnSync(psql!, argv, { encoding: "utf8" });
    expect(status, stderr).toBe(0);
  };
  if (existsSync(base)) await run([base]);
  return {
    adapter: `postgres({ url: ${JSON.stringify(url.href)} })`,
    run,
    send: async (statements) => void (await ask(url.href, statements)),
    lines: async () => (await ask(url.href, [catalogLines])).map(({ line }) => line),
    rows: () => postgresRowCounts((sql) => ask(url.href, [sql])),
  };
}

async function ask(
  url: string,
  statements: readonly string[],
): Promise<readonly { readonly [column: string]: unknown }[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    let rows: readonly { readonly [column: string]: unknown }[] = [];
    for (const sql of statements) ({ rows } = await client.query(sql));
    return rows;
  } finally {
    await client.end();
  }
}
