/** A database or a file for each tenant: the first migration, nothing to do, a column; beside a bare loop over the same number. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Bench } from "./bench.ts";
import { contest, type Entry, type Row, type Table } from "./contest.ts";
import { askPostgres } from "./engines.ts";
import { takePeak } from "./peak.ts";

const databases = Number(process.env.SLIPWAY_BENCH_DATABASES ?? 200);
const files = Number(process.env.SLIPWAY_BENCH_TENANT_FILES ?? 2_000);

/** Those of the bare loop, and those of Slipway. */
type Places = Readonly<Record<"bare" | "own", Readonly<Record<string, string>>>>;

/** A kind of place, and a project for it in an empty folder. */
type Kind = {
  readonly title: string;
  /** The URL of what belongs to all. */
  readonly url: string;
  readonly project: string;
  readonly places: Places;
};

/** `project`: makes one whose tenants have a migration; it is given the adapter and the tenants of its release. */
export async function fleetPlaces(
  bench: Bench,
  project: (folder: string, at: { readonly adapter: string; readonly tenants: string }) => string,
): Promise<readonly Table[]> {
  const { folder } = bench;
  const url = await bench.database();
  const inDatabases = {
    bare: await makeDatabases(url, "bare"),
    own: await makeDatabases(url, "own"),
  };
  const inFiles = { bare: fileNames(folder, "bare"), own: fileNames(folder, "own") };
  const listed = (places: Places) => JSON.stringify(places.own);
  return [
    await tableOf(bench, {
      title: `${databases} databases`,
      url,
      places: inDatabases,
      project: project(join(folder, "databases"), {
        adapter: `postgres({ url: () => env("DATABASE_URL") })`,
        tenants: `{ databases: ${listed(inDatabases)} }`,
      }),
    }),
    await tableOf(bench, {
      title: `${files.toLocaleString("en-US")} SQLite files`,
      url: join(folder, "shared.db"),
      places: inFiles,
      project: project(join(folder, "files"), {
        adapter: `sqlite({ path: () => env("DATABASE_URL") })`,
        tenants: `{ files: ${listed(inFiles)} }`,
      }),
    }),
  ];
}

/** One round: the second would find everything made. */
async function tableOf(
  { folder, floors, slipway, ...bench }: Bench,
  { title, url, places, project }: Kind,
): Promise<Table> {
  const list = join(folder, `${title.replace(/\W+/g, "-")}.json`);
  writeFileSync(list, JSON.stringify(places.bare));
  const database = async () => url;
  const pair = (what: string, how: string): readonly Entry[] => [
    {
      ...{ name: `bare loop: ${what}`, floor: `bare loop: ${what}`, kind: "floor" },
      ...{ argv: [join(floors, "places.cjs"), how, list, "one"], database, take: takePeak },
    },
    {
      ...{ name: `\`migrate\`: ${what}`, floor: `bare loop: ${what}`, kind: "ours" },
      ...{ argv: [slipway, "migrate", "--quiet"], cwd: project, database, take: takePeak },
    },
  ];
  const rounds = { ...bench, rounds: 1 };
  const rows: Row[] = [
    ...(await contest(pair("three tables", "make"), rounds)),
    ...(await contest(pair("nothing to do", "nothing"), rounds)),
  ];
  writeFileSync(
    join(project, "db/main/tenant_migrations/2_note.sql"),
    "ALTER TABLE posts ADD COLUMN note text;\n",
  );
  rows.push(...(await contest(pair("one column", "column"), rounds)));
  return { title, figure: "ms", rows };
}

async function makeDatabases(url: string, prefix: string): Promise<Places["own"]> {
  const made: Record<string, string> = {};
  for (let i = 1; i <= databases; i++) {
    const name = `${prefix}_${i}`;
    await askPostgres(url, `CREATE DATABASE ${name} TEMPLATE template0`);
    const own = new URL(url);
    own.pathname = `/${name}`;
    made[name] = own.href;
  }
  return made;
}

function fileNames(folder: string, prefix: string): Places["own"] {
  const here = join(folder, `files-${prefix}`);
  mkdirSync(here);
  return Object.fromEntries(
    Array.from({ length: files }, (_, i) => [`${prefix}_${i + 1}`, join(here, `${i + 1}.db`)]),
  );
}
