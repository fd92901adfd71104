/** What reads before it acts, or only reads, ends when it is told to, and says what it waited for. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import pg from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { postgres } from "../../src/adapters/postgres/index.ts";
import { sqlite } from "../../src/adapters/sqlite/index.ts";
import {
  type Adapter,
  defineRelease,
  isReleaseError,
  type MigrationsOption,
} from "../../src/index.ts";
import { type FreshDatabase, freshDatabase } from "../support/postgres.ts";
import { recorder } from "../support/recorder.ts";

let database: FreshDatabase;
let gate: pg.Client;

beforeAll(async () => {
  database = await freshDatabase();
  gate = new pg.Client({ connectionString: database.url });
  await gate.connect();
});
afterEach(() => gate.query("rollback"));
afterAll(async () => {
  await gate.end();
  await database.drop();
});

const migrations = { "1_a": "create table a (id integer)" };
const because = { reason: "by hand" };

function defined(adapter: Adapter, of: MigrationsOption) {
  const stop = new AbortController();
  // The patience with code of the user's is seconds.
  const sleep = (ms: number, signal?: AbortSignal) =>
    wait(ms / 20, undefined, signal && { signal }).catch(() => undefined);
  const repos = { main: { adapter, migrations: of } };
  const world = { ...recorder().world, signal: stop.signal, sleep };
  return { release: defineRelease({ app: "app", repos }).using(world), stop };
}

async function failureOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => undefined,
    (failure: unknown) => failure,
  );
  return isReleaseError(error) ? `${error.code}: ${error.message}` : String(error);
}

type Used = ReturnType<typeof defined>["release"];
const readers: readonly (readonly [string, (release: Used) => Promise<unknown>])[] = [
  ["readiness", (release) => release.readiness()],
  ["assertMigrated", (release) => release.assertMigrated()],
  ["verify", (release) => release.verify()],
  ["mark applied", (release) => release.mark("main", 2, { as: "applied", ...because })],
  ["baseline", (release) => release.baseline("main", { at: 2 })],
];

describe.each(readers)("%s", (_, read) => {
  it("ends while the server keeps it waiting", async () => {
    await defined(postgres({ url: database.url }), migrations).release.migrate();
    await gate.query("begin; lock table schema_migrations in access exclusive mode");
    const { release, stop } = defined(postgres({ url: database.url }), {
      ...migrations,
      "2_b": "create table b (id integer)",
    });
    const failure = failureOf(read(release));
    await expect.poll(waiting).toBe(1);
    stop.abort("SIGTERM");
    expect(await failure).toBe("interrupted: stopped by SIGTERM");
    await expect.poll(waiting).toBe(0);
  });

  it("names the module that never comes to its end", async () => {
    const { promise: began, resolve } = Promise.withResolvers<void>();
    const never = () => {
      resolve();
      return new Promise<never>(() => undefined);
    };
    const folder = mkdtempSync(join(tmpdir(), "slipway-stopped-"));
    const adapter = sqlite({ path: join(folder, "a.db") });
    await defined(adapter, migrations).release.migrate();
    const files = ["1_a", "2_b"].map((id) => {
      const [version = "", name = ""] = id.split("_");
      return { id, version, name, origin: `db/${id}.ts` };
    });
    const later = { files, entries: never } as unknown as MigrationsOption;
    const { release, stop } = defined(adapter, later);
    const failure = failureOf(read(release));
    await began;
    stop.abort("SIGTERM");
    expect(await failure).toMatch(
      /^interrupted: stopped by SIGTERM while db\/\d_[ab]\.ts had not finished loading$/,
    );
    rmSync(folder, { recursive: true, force: true });
  });
});

it("mark done ends while another holds the journal", async () => {
  const broken = {
    "5_x":
      "-- slipway: transaction=false\ncreate table x (id integer);\ninsert into nowhere values (1);",
  };
  const half = defined(postgres({ url: database.url }), broken);
  expect(await failureOf(half.release.migrate())).toMatch(/^migration_failed/);
  await gate.query("begin; lock table slipway_journal in access exclusive mode");
  const { release, stop } = defined(postgres({ url: database.url }), broken);
  const failure = failureOf(release.mark("main", 5, { as: "anew" }));
  await expect.poll(waiting).toBe(1);
  stop.abort("SIGTERM");
  expect(await failure).toBe("interrupted: stopped by SIGTERM");
});

async function waiting(): Promise<number> {
  const { rows } = await gate.query(
    "select count(*)::int as n from pg_locks where not granted and database = (select oid from pg_database where datname = current_database())",
  );
  return rows[0].n;
}
