/** A new tenant with many migrations behind it, beside the squashed schema sent as one message. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Bench } from "./bench.ts";
import { contest, type Entry, type Table } from "./contest.ts";
import { askPostgres } from "./engines.ts";
import { run } from "./measure.ts";
import { takeAll } from "./server-time.ts";

const migrations = 1_000;
const tables = 50;

/** `project`: a folder whose tenants have one migration. Two tenants are there and up to date. */
export async function newTenant(
  { floors, slipway, ...bench }: Bench,
  project: string,
): Promise<Table> {
  const url = await bench.database();
  const folder = join(project, "db/main/tenant_migrations");
  for (let i = 0; i < migrations; i++)
    writeFileSync(join(folder, `${i + 10}_change.sql`), `${change(i)};\n`);
  await askPostgres(url, "CREATE TABLE tenants (name text PRIMARY KEY)");
  for (const name of ["tenant_one", "tenant_two"]) {
    await askPostgres(url, `CREATE SCHEMA ${name}`);
    await askPostgres(url, `INSERT INTO tenants VALUES ('${name}')`);
  }
  const database = async () => url;
  const argv = [slipway, "migrate", "--quiet"];
  await run({ name: "the two", argv, cwd: project, database }, AbortSignal.timeout(900_000));
  let made = 0;
  const floor = "bare: the squashed schema in one message";
  const named = (words: readonly string[]) => () => ({ argv: [...words, `new_${++made}`] });
  const entries: readonly Entry[] = [
    {
      ...{ name: floor, kind: "floor", argv: [], database, take: takeAll },
      at: named([join(floors, "fleet.cjs"), "squashed", squashed(), "1"]),
    },
    {
      ...{ name: "`tenant create`", kind: "ours", argv: [], cwd: project, database, floor },
      take: takeAll,
      at: named([slipway, "tenant", "create", "main"]),
      bounds: [{ figure: "ms", times: 1.2 }],
    },
  ];
  const title = `a new tenant with ${migrations.toLocaleString("en-US")} migrations behind it`;
  return { title, figure: "ms", rows: await contest(entries, bench) };
}

/** Tables first, then columns of them in turn. */
function change(i: number): string {
  const table = `table_${i % tables}`;
  if (i < tables) return `CREATE TABLE ${table} (id bigint PRIMARY KEY, title text NOT NULL)`;
  return `ALTER TABLE ${table} ADD COLUMN column_${i} text`;
}

function squashed(): string {
  const made = Array.from({ length: tables }, (_, table) => {
    const columns = Array.from({ length: migrations / tables - 1 }, (_, i) => {
      return `column_${(i + 1) * tables + table} text`;
    });
    return `CREATE TABLE table_${table} (id bigint PRIMARY KEY, title text NOT NULL, ${columns.join(", ")})`;
  });
  return [
    ...["posts", "tags", "comments"].map(
      (name) => `CREATE TABLE ${name} (id bigint PRIMARY KEY, title text)`,
    ),
    ...made,
  ].join(";\n");
}
