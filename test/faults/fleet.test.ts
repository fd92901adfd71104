/**
 * Tenants and processes that are killed: each tenant is at its old version or at its new one, whole, with a history that
 * says so; nothing is done twice, and nobody has to mend anything. Some ten kills here, a hundred in `npm run faults`.
 */
import { afterAll, beforeAll, expect, it } from "vitest";
import { folderOf } from "../built/support.ts";
import { startPgbouncer } from "../support/pgbouncer.ts";
import { freshDatabase } from "../support/postgres.ts";
import { figuresOf, full } from "./support/figures.ts";
import { emptied, fleetProject, killAtRandom, migrate, tenantsIn } from "./support/fleet.ts";
import { ask, type Row } from "./support/server.ts";

const figures = figuresOf("fleet: killed");
const kills = full ? 100 : 10;
const tenants = 40;
const folder = folderOf("fleet-faults");
let project = "";

beforeAll(() => {
  project = fleetProject(
    folder.path,
    `{ schemas: Array.from({ length: ${tenants} }, (_, i) => "t" + i) }`,
    {
      "1_posts.sql": "CREATE TABLE posts (id bigint);\n",
      // Long enough to be killed in the middle of.
      "2_tags.sql":
        "CREATE TABLE tags (id bigint);\nSELECT pg_sleep(0.02);\nALTER TABLE posts ADD COLUMN tag bigint;\n",
      "3_rows.ts": `import { defineMigration } from "slipway";

export default defineMigration({
  up: (m) => m.run(async (db) => { await db.query("INSERT INTO posts VALUES (1, 1)"); }),
  down: () => undefined,
});
`,
    },
  );
});
afterAll(() => folder.remove());

const golden = "posts.id bigint, posts.tag bigint, tags.id bigint";

const isDone = ({ catalog, history, state }: Row) =>
  catalog === golden && history === "1,2,3" && state === "ready";
const isHalf = (row: Row) => !isDone(row) && (row.catalog !== null || row.history !== null);

async function beginAnew(url: string): Promise<void> {
  for (let i = 0; i < tenants; i++)
    await ask(url, `DROP SCHEMA IF EXISTS t${i} CASCADE; CREATE SCHEMA t${i}`);
  await emptied(url);
}

it.for([
  ["one process", 1, false],
  ["two processes", 2, false],
  ["eight processes", 8, false],
  ["one process through PgBouncer", 1, true],
  ["two processes through PgBouncer", 2, true],
  ["eight processes through PgBouncer", 8, true],
] as const)(
  "killed at random moments, %s",
  { timeout: full ? 900_000 : 180_000 },
  async ([name, processes, pooled], context) => {
    const database = await freshDatabase();
    const pooler = pooled ? await startPgbouncer(database.url, { poolSize: 4 }) : undefined;
    if (pooled && pooler === undefined) return context.skip("PgBouncer is not installed");
    const begin = () =>
      migrate(project, { DATABASE_URL: pooler?.url ?? database.url }, "--concurrency", "3");
    try {
      await beginAnew(database.url);
      let halves = 0;
      const look = async () => {
        // Killed before the tables of the fleet were made, it has done nothing.
        const rows = await tenantsIn(database.url).catch(() => []);
        halves += rows.filter(isHalf).length;
        return rows.length === tenants && rows.every(isDone);
      };
      const { killed, atWork } = await killAtRandom(begin, {
        ...{ kills, processes, look },
        beginAnew: () => beginAnew(database.url),
      });
      const last = await Promise.all(Array.from({ length: processes }, () => begin().ended));
      expect(last).toEqual(last.map(() => ({ code: 0, stderr: "" })));
      const rows = await tenantsIn(database.url);
      figures.tell(`${name}: killed, and of these at work`, `${killed}, ${atWork}`);
      figures.must(`${name}: tenants half migrated after a kill`, halves, 0);
      figures.must(
        `${name}: tenants at golden catalog and true history`,
        rows.filter(isDone).length,
        tenants,
      );
      const inserted = await Promise.all(
        rows.map(
          async ({ tenant }) => (await ask(database.url, `SELECT tag FROM ${tenant}.posts`)).length,
        ),
      );
      const twice = inserted.filter((count) => count !== 1).length;
      figures.must(`${name}: tenants that got their row twice, or not`, twice, 0);
    } finally {
      await pooler?.stop();
      await database.drop();
    }
  },
);
