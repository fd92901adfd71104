/** One hash for a whole schema, made as the facts of the histories make it: what is not schema is left out. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { DatabaseSync } from "node:sqlite";

export type PostgresHashOptions = {
  readonly pgDump: string;
  readonly historyTable: string;
  /** More tables to leave out: another tool's. Default: none. */
  readonly without?: readonly string[];
};

/** The hash of a PostgreSQL database without the history table and what else is ours. Column order counts. */
export function postgresSchemaHash(url: string, options: PostgresHashOptions): string {
  const left = [options.historyTable, "slipway_*", ...(options.without ?? [])];
  const own = left.map((table) => `--exclude-table=*.${table}`);
  const args = ["-s", "-O", "-x", ...own, "-d", url];
  const { status, stdout, stderr } = spawnSync(options.pgDump, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`pg_dump failed: ${stderr}`);
  return hash(withoutNoise(stdout));
}

/** The same of an SQLite database. */
export function sqliteSchemaHash(path: string, options: { readonly historyTable: string }): string {
  const database = new DatabaseSync(path, { readOnly: true });
  const rows = database
    .prepare(
      "SELECT tbl_name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY rowid",
    )
    .all()
    .filter(
      ({ tbl_name: table }) => table !== options.historyTable && !/^slipway_/.test(`${table}`),
    );
  database.close();
  const lines = rows.flatMap(({ sql }) => `${sql};`.split("\n"));
  return hash(lines.filter((line) => line.trim() !== ""));
}

/** The text of each object of an SQLite database, in the order of their names, without what is ours. */
export function sqliteObjects(path: string): readonly string[] {
  const database = new DatabaseSync(path, { readOnly: true });
  const rows = database
    .prepare("SELECT tbl_name, type, name, sql FROM sqlite_schema ORDER BY type, name")
    .all();
  database.close();
  return (
    rows
      // SQLite makes its own where a key counts, as that of the lock does.
      .filter(({ tbl_name: table }) => !/^slipway_|^sqlite_sequence$/.test(`${table}`))
      .map(({ type, name, sql }) => `${type} ${name}: ${sql}`)
  );
}

/** Leaves out comments, empty lines and settings of the session, but nothing inside a dollar-quoted body. */
export function withoutNoise(dump: string): readonly string[] {
  const kept: string[] = [];
  let body: string | undefined;
  for (const line of dump.split("\n")) {
    if (body !== undefined || !noise.test(line.trim())) kept.push(line);
    for (const [tag] of line.matchAll(/\$[A-Za-z_0-9]*\$/g)) {
      if (body === undefined) body = tag;
      else if (body === tag) body = undefined;
    }
  }
  return kept;
}

const noise = /^$|^--|^\\(un)?restrict|^SET [a-z_.]+ = .*;$|^SELECT pg_catalog\.set_config\(/;

function hash(lines: readonly string[]): string {
  const text = lines.map((line) => `${line.trimEnd()}\n`).join("");
  return createHash("sha256").update(text).digest("hex");
}
