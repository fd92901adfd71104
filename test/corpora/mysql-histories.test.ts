/** Histories of others on MariaDB: whole by Slipway, and finished where the first half has run. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { findMigrations } from "../../src/engine/discovery/folders.ts";
import { debianProgram } from "../support/debian.ts";
import { freshMysql, type MysqlDatabase, mariadbOfRun } from "../support/mysql.ts";
import { commandLine } from "./command-line.ts";
import { mysqlRowCounts, rowsHash } from "./row-counts.ts";

type History = {
  readonly name: string;
  readonly count: number;
  /** A version in its middle. Default: its folder has an order of its own, and takes no baseline. */
  readonly squashedTo?: string;
  /** Hashes of schema and rows. Default: those that the client of MariaDB makes now. */
  readonly facts?: { readonly schema: string; readonly rows: string };
};

const histories: readonly History[] = [
  {
    name: "authelia-mysql",
    count: 26,
    squashedTo: "13",
    facts: {
      schema: "a910d52b947e31de9c03bfb5e62027fbab8518c5f0f369780ff0c639bea2e789",
      rows: "01ba4719c80b6fe911b091a7c05124b64eeece964e09c058ef8f9805daca546b",
    },
  },
  { name: "memos-mysql", count: 32 },
];

// listing.test.ts says that the histories are skipped.
const corpora = process.env.SLIPWAY_CORPORA ?? "";
const server = corpora === "" ? undefined : await mariadbOfRun();
const client = server && debianProgram("mariadb", "mariadb-client");
const dump = server && debianProgram("mariadb-dump", "mariadb-client");

describe.each(histories)("$name", ({ name, count, facts, squashedTo }) => {
  const folder = join(corpora, name);
  const here = client !== undefined && dump !== undefined && existsSync(folder);

  test.runIf(here)("makes what the client of MariaDB makes, whole and from half way", async () => {
    const files = (await findMigrations(folder, { repo: "main", root: "/" })).found;
    expect(files).toHaveLength(count);
    const half = files.slice(0, Math.floor(count / 2));
    const paths = (some: typeof files) =>
      some.map((one) => (one.files.kind === "pair" ? one.files.up! : one.files.path));

    const theirs = await database(name);
    run(theirs, paths(files));
    const expected = facts ?? (await state(theirs));
    expect(await state(theirs)).toEqual(expected);

    const whole = await database(name);
    expect(countOf(slipway(whole, folder).run("migrate"))).toBe(count);
    expect(await state(whole)).toEqual(expected);

    const loaded = await freshMysql(server!.url);
    onTestFinished(loaded.dispose);
    const [from, to] = [slipway(whole, folder), slipway(loaded, folder)];
    const file = join(from.folder, "whole.sql");
    expect(from.run("dump", "--out", file).document.error).toBeUndefined();
    expect(to.run("load", file).document.error).toBeUndefined();
    expect((await state(loaded)).schema).toBe(expected.schema);
    expect(to.run("dump", "--check", "--out", file).document.error).toBeUndefined();

    if (squashedTo !== undefined) {
      const copy = mkdtempSync(join(tmpdir(), "slipway-squashed-"));
      onTestFinished(() => rmSync(copy, { recursive: true }));
      cpSync(folder, copy, { recursive: true });
      const short = await database(name);
      const squashing = slipway(short, copy);
      const made = squashing.run("squash", "--to", squashedTo, "--shadow", server!.url);
      expect(made.document.error).toBeUndefined();
      expect(countOf(squashing.run("migrate"))).toBe(count - Number(squashedTo) + 1);
      expect((await state(short)).schema).toBe(expected.schema);
    }

    const partly = await database(name);
    run(partly, paths(half));
    const second = slipway(partly, folder);
    const { version } = half.at(-1)!.file;
    expect(second.run("baseline", "main", "--at", version).document.error).toBeUndefined();
    expect(countOf(second.run("migrate"))).toBe(count - half.length);
    expect(await state(partly)).toEqual(expected);
  });
});

async function database(name: string): Promise<MysqlDatabase> {
  const made = await freshMysql(server!.url);
  onTestFinished(made.dispose);
  const base = join(corpora, `base/${name}.sql`);
  if (existsSync(base)) run(made, [base]);
  return made;
}

function given({ url }: MysqlDatabase): readonly string[] {
  const { hostname, port, username, password, pathname } = new URL(url);
  return [
    ...["--no-defaults", `--host=${hostname}`, `--port=${port}`, `--user=${username}`],
    ...[`--password=${decodeURIComponent(password)}`, pathname.slice(1)],
  ];
}

/** Each file in one piece, for a body of a procedure has semicolons. */
function run(one: MysqlDatabase, paths: readonly string[]): void {
  const argv = [...given(one), "--default-character-set=utf8mb4", "--delimiter=@@@@@@", "--batch"];
  for (const path of paths) {
    const { status, stderr } = spawnSync(client!, argv, {
      input: readFileSync(path),
      encoding: "utf8",
    });
    expect(status, stderr).toBe(0);
  }
}

async function state(one: MysqlDatabase) {
  const own = await one.query(
    "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = database() AND (table_name = 'schema_migrations' OR table_name LIKE 'slipway\\_%')",
  );
  const left = own.map(
    ({ name }) => `--ignore-table=${new URL(one.url).pathname.slice(1)}.${name}`,
  );
  const [settings, last] = [given(one).slice(0, -1), given(one).at(-1)!];
  const how = ["--no-data", "--routines", "--triggers", "--skip-comments", "--skip-dump-date"];
  const { status, stdout, stderr } = spawnSync(dump!, [...settings, ...how, ...left, last], {
    encoding: "utf8",
  });
  expect(status, stderr).toBe(0);
  const lines = stdout.split("\n").filter((line) => !noise.test(line.trim()));
  const text = lines
    .map((line) =>
      line.replace(/ AUTO_INCREMENT=\d+/, "").replace(/DEFINER=`[^`]*`@`[^`]*`/, "DEFINER=x"),
    )
    .map((line) => `${line.trimEnd()}\n`);
  return {
    schema: createHash("sha256").update(text.join("")).digest("hex"),
    rows: rowsHash(await mysqlRowCounts((sql) => one.query(sql))),
  };
}

const noise = /^$|^--|^\/\*M!999999|^\/\*!\d+ SET .*\*\/ ?;?$|^(?:SET|LOCK|UNLOCK) .*;$/;

function slipway({ url }: MysqlDatabase, migrations: string) {
  const made = commandLine({ adapter: `mysql({ url: ${JSON.stringify(url)} })`, migrations });
  onTestFinished(() => made.dispose());
  return made;
}

function countOf({ document }: ReturnType<ReturnType<typeof slipway>["run"]>) {
  return document.error?.message ?? document.repos?.[0]?.migrations.length;
}
