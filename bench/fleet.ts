/**
 * A schema for each tenant: nothing to do, one change, fifty changes, failures, two processes, memory. Each beside a bare
 * script that sends one message for each tenant on as many connections.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Bench } from "./bench.ts";
import { contest, type Entry, type Sample, type Table } from "./contest.ts";
import { askPostgres } from "./engines.ts";
import { fleetPlaces } from "./fleet-places.ts";
import { type Contestant, run } from "./measure.ts";
import { newTenant } from "./new-tenant.ts";
import { takeAll, withServer } from "./server-time.ts";

const many = Number(process.env.SLIPWAY_BENCH_TENANTS ?? 10_000);
const few = Math.max(1, Math.floor(many / 10));
/** Of the usual style, whose time is then that of as many as it has to be. */
const sample = Math.min(many, 200);
const connections = 8;

/** What a release says of its repo. */
type InRelease = { readonly adapter: string; readonly tenants: string };

const inSchemas: InRelease = {
  adapter: 'postgres({ url: () => env("DATABASE_URL") })',
  tenants:
    '{ schemas: async (db) => (await db.query<{ name: string }>("SELECT name FROM tenants")).map(({ name }) => name) }',
};

function releaseOf({ adapter, tenants }: InRelease): string {
  const room = adapter.startsWith("postgres") ? "postgres" : "sqlite";
  return `import { defineRelease, env } from "slipway";
import { ${room} } from "slipway/${room}";

export const Release = defineRelease({
  app: "bench",
  repos: { main: { adapter: ${adapter}, tenants: ${tenants} } },
});
`;
}

const tables = ["posts", "tags", "comments"]
  .map((name) => `CREATE TABLE ${name} (id bigint PRIMARY KEY, title text);\n`)
  .join("");

/** A project with the tables. */
function project(folder: string, at: InRelease = inSchemas): string {
  const migrations = join(folder, "db/main/tenant_migrations");
  mkdirSync(migrations, { recursive: true });
  mkdirSync(join(folder, "db/main/migrations"));
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(join(import.meta.dirname, ".."), join(folder, "node_modules/slipway"));
  writeFileSync(join(folder, "package.json"), `{ "type": "module" }\n`);
  writeFileSync(join(folder, "release.ts"), releaseOf(at));
  writeFileSync(
    join(folder, "db/main/migrations/1_tenants.sql"),
    "CREATE TABLE IF NOT EXISTS tenants (name text PRIMARY KEY);\n",
  );
  writeFileSync(join(migrations, "1_tables.sql"), tables);
  return folder;
}

/** A database of so many tenants, and the project that is migrated on it: each run gets columns of its own. */
class Fleet {
  readonly url: string;
  readonly folder: string;
  #version = 1;
  #bare = 0;

  constructor(url: string, folder: string) {
    this.url = url;
    this.folder = folder;
  }

  /** Writes so many pending migrations, each of a column. Gives the name of the first. */
  pend(changes: number): string {
    const first = `note_${this.#version + 1}`;
    for (let i = 0; i < changes; i++) {
      const version = ++this.#version;
      writeFileSync(
        join(this.folder, `db/main/tenant_migrations/${version}_note.sql`),
        `ALTER TABLE posts ADD COLUMN note_${version} text;\n`,
      );
    }
    return first;
  }

  /** How the columns of a bare script are called. */
  bareName(): string {
    return `bare_${++this.#bare}`;
  }
}

export async function fleet({ folder, floors, slipway, ...bench }: Bench): Promise<Table[]> {
  const flags = ["--quiet", "--concurrency", String(connections)];
  const argv = [slipway, "migrate", ...flags];
  const made = async (tenants: number) => {
    const here = project(join(folder, `fleet-of-${tenants}`));
    const url = await bench.database();
    await makeTenants(url, tenants);
    const database = async () => url;
    await run({ name: "the tables", argv, cwd: here, database }, AbortSignal.timeout(900_000));
    await askPostgres(url, "VACUUM ANALYZE");
    return new Fleet(url, here);
  };
  const [all, part, single] = [await made(many), await made(few), await made(1)];
  const rounds = { ...bench, rounds: Math.min(bench.rounds, 3) };
  const named = (n: number) => `${n.toLocaleString("en-US")} tenant${n === 1 ? "" : "s"}`;
  const script = (...args: readonly string[]) => [join(floors, "fleet.cjs"), ...args];
  const nothing = "bare: who is behind";
  const idle = (name: string, at: Fleet): Entry => ({
    ...{ name, kind: "ours", cwd: at.folder, argv, database: async () => at.url, take: takeAll },
  });
  const nothingToDo: readonly Entry[] = [
    {
      ...{ name: nothing, kind: "floor", argv: script("behind"), take: takeAll },
      database: async () => all.url,
    },
    idle(`\`migrate\`, ${named(1)}`, single),
    {
      ...{ ...idle(`\`migrate\`, ${named(many)}`, all), floor: nothing },
      bounds: [{ figure: "ms", times: 1.3 }],
    },
  ];
  const ours = (name: string, at: Fleet, changes: number): Entry => ({
    ...idle(name, at),
    take: (contestant, signal) => {
      at.pend(changes);
      return takeAll(contestant, signal);
    },
  });
  const bare = (name: string, how: string, changes: number, number: number): Entry => ({
    ...{ name, kind: "floor", argv: [], floor: name, database: async () => all.url },
    at: () => ({ argv: script(how, String(changes), String(number), all.bareName()) }),
  });
  const changing = (changes: number, times: number): readonly Entry[] => {
    const floor = `bare: ${connections} connections, a message for each tenant`;
    return [
      { ...bare(floor, "change", changes, connections), take: takeAll },
      {
        ...ours(`\`migrate\`, ${named(many)}`, all, changes),
        floor,
        bounds: [
          { figure: "ms", times },
          { figure: "MiB", most: 150 },
        ],
      },
      ours(`\`migrate\`, ${named(few)}`, part, changes),
    ];
  };
  const [floor] = changing(1, 1.3);
  const usual = bare(`usual style, of ${sample}, times ${many / sample}`, "usual", 1, sample);
  const column: readonly Entry[] = [
    ...changing(1, 1.3),
    { ...usual, floor: floor!.name, take: scaled(many / sample) },
    {
      ...ours("two processes of `migrate`", all, 1),
      floor: floor!.name,
      take: (contestant, signal) => {
        all.pend(1);
        return withServer(contestant, () => twice(contestant, signal));
      },
    },
  ];
  const failures: readonly Entry[] = [
    {
      ...idle("`migrate`, 1 % fail", all),
      async take(contestant, signal) {
        await break1(all.url, all.pend(1));
        return failed(contestant, signal);
      },
    },
    {
      ...idle("`migrate --retry-quarantined` of these", all),
      argv: [...argv, "--retry-quarantined"],
      async take(contestant, signal) {
        await mend(all.url);
        return takeAll(contestant, signal);
      },
    },
  ];
  return [
    {
      title: `${named(many)} × 3 tables, nothing to do`,
      figure: "ms",
      rows: await contest(nothingToDo, { ...bench, rounds: Math.min(bench.rounds, 5) }),
    },
    {
      ...{ title: "one column added to each", figure: "ms", tenants: many },
      rows: await contest(column, rounds),
    },
    { title: "1 % of the tenants fail", figure: "ms", rows: await contest(failures, rounds) },
    {
      ...{ title: "50 columns added to each", figure: "ms", tenants: many },
      rows: await contest(changing(50, 1.2), { ...rounds, rounds: 1 }),
    },
    await newTenant({ folder, floors, slipway, ...bench }, project(join(folder, "new-tenant"))),
    ...(await fleetPlaces({ folder, floors, slipway, ...bench }, project)),
  ];
}

/** In pieces: one transaction would hold a lock for each schema. */
async function makeTenants(url: string, tenants: number): Promise<void> {
  await askPostgres(url, "CREATE TABLE tenants (name text PRIMARY KEY)");
  for (let at = 0; at < tenants; at += 500) {
    const last = Math.min(at + 500, tenants);
    await askPostgres(
      url,
      `DO $$ BEGIN FOR i IN ${at + 1}..${last} LOOP EXECUTE format('CREATE SCHEMA tenant_%s', i); INSERT INTO tenants VALUES (format('tenant_%s', i)); END LOOP; END $$`,
    );
  }
}

/** One in a hundred has the column already. */
async function break1(url: string, column: string): Promise<void> {
  await forBroken(url, `ADD COLUMN ${column} text`);
  await askPostgres(url, `COMMENT ON TABLE tenants IS '${column}'`);
}

async function mend(url: string): Promise<void> {
  const [row] = await askPostgres(url, "SELECT obj_description('tenants'::regclass) AS name");
  await forBroken(url, `DROP COLUMN ${row?.name}`);
}

async function forBroken(url: string, change: string): Promise<void> {
  const broken = "SELECT name FROM tenants WHERE substr(name, 8)::int % 100 = 0";
  await askPostgres(
    url,
    `DO $$ DECLARE one record; BEGIN FOR one IN ${broken} LOOP EXECUTE format('ALTER TABLE %I.posts ${change}', one.name); END LOOP; END $$`,
  );
}

/** A run that ends with 6, because some failed. */
async function failed(contestant: Contestant, signal: AbortSignal): Promise<Sample> {
  const started = performance.now();
  const code = await codeOf(contestant, signal);
  if (code !== 6) throw new Error(`${contestant.name} ended with exit code ${code}`);
  return { ms: performance.now() - started };
}

async function codeOf({ argv, cwd, database }: Contestant, signal: AbortSignal): Promise<number> {
  const env = { ...process.env, DATABASE_URL: (await database?.()) ?? "" };
  const child = spawn(process.execPath, argv, {
    ...(cwd && { cwd }),
    env,
    stdio: "ignore",
    signal,
  });
  const [code] = await once(child, "close");
  return Number(code);
}

async function twice(contestant: Contestant, signal: AbortSignal): Promise<Sample> {
  const url = (await contestant.database?.()) ?? "";
  const same = { ...contestant, database: async () => url };
  const started = performance.now();
  await Promise.all([run(same, signal), run(same, signal)]);
  return { ms: performance.now() - started };
}

function scaled(times: number) {
  return async (contestant: Contestant, signal: AbortSignal): Promise<Sample> => ({
    ms: (await run(contestant, signal)) * times,
  });
}
