/**
 * Tenants and processes that are killed: each tenant is at its old version or at its new one, whole, with a history that
 * says so; nothing is done twice, and nobody has to mend anything. Some ten kills here, a hundred in `npm run faults`.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { folderOf, writeProject } from "../built/support.ts";
import { startPgbouncer } from "../support/pgbouncer.ts";
import { freshDatabase } from "../support/postgres.ts";
import { ask } from "./support/server.ts";

const kills = process.env.SLIPWAY_FAULTS === "full" ? 100 : 10;
const tenants = 40;
const cli = resolve(import.meta.dirname, "../../dist/cli/bin.js");
const folder = folderOf("fleet-faults");
let project = "";

beforeAll(() => {
  project = writeProject(folder.path, {
    "release.ts": `import { defineRelease, env } from "slipway";
import { postgres } from "slipway/postgres";

export const Release = defineRelease({
  app: "my_app",
  repos: {
    main: {
      adapter: postgres({ url: () => env("DATABASE_URL") }),
      tenants: { schemas: Array.from({ length: ${tenants} }, (_, i) => "t" + i) },
    },
  },
});
`,
    "db/main/tenant_migrations/1_posts.sql": "CREATE TABLE posts (id bigint);\n",
    // Long enough to be killed in the middle of.
    "db/main/tenant_migrations/2_tags.sql":
      "CREATE TABLE tags (id bigint);\nSELECT pg_sleep(0.02);\nALTER TABLE posts ADD COLUMN tag bigint;\n",
    "db/main/tenant_migrations/3_rows.ts": `import { defineMigration } from "slipway";

export default defineMigration({
  up: (m) => m.run(async (db) => { await db.query("INSERT INTO posts VALUES (1, 1)"); }),
  down: () => undefined,
});
`,
  });
});
afterAll(() => folder.remove());

function start(url: string): ReturnType<typeof spawn> {
  const env = { ...process.env, DATABASE_URL: url };
  const args = [cli, "migrate", "--quiet", "--concurrency", "3"];
  return spawn(process.execPath, args, { cwd: project, env, stdio: ["ignore", "ignore", "pipe"] });
}

async function ended(child: ReturnType<typeof spawn>): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  await once(child, "exit");
  return child.exitCode;
}

/** Each tenant: how many tables, columns and rows it has, and what its history and its row say. */
const truth = `SELECT s.nspname::text AS tenant,
  (SELECT count(*)::int FROM pg_class c WHERE c.relnamespace = s.oid AND relkind = 'r') AS tables,
  (SELECT count(*)::int FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid WHERE c.relnamespace = s.oid AND c.relname = 'posts' AND attnum > 0 AND NOT attisdropped) AS columns,
  (SELECT count(*)::int FROM slipway_tenant_migrations h WHERE h.tenant = s.nspname) AS history,
  (SELECT count(*)::int FROM slipway_tenants t WHERE t.tenant = s.nspname AND state = 'ready') AS ready
FROM pg_namespace s WHERE s.nspname ~ '^t[0-9]+$'`;

const isWhole = (row: Record<string, unknown>) => {
  const { tables, columns, history } = row;
  return history === 3 ? tables === 2 && columns === 2 : history === 0 && tables === 0;
};

it.for([
  ["one process", 1, false],
  ["two processes", 2, false],
  ["eight processes", 8, false],
  ["two processes through PgBouncer", 2, true],
] as const)(
  "killed at random moments, %s",
  { timeout: 120_000 },
  async ([, processes, pooled], context) => {
    const database = await freshDatabase();
    const pooler = pooled ? await startPgbouncer(database.url, { poolSize: 4 }) : undefined;
    if (pooled && pooler === undefined) return context.skip();
    const url = pooler?.url ?? database.url;
    try {
      for (let i = 0; i < tenants; i++) await ask(database.url, `CREATE SCHEMA t${i}`);
      let halves = 0;
      for (let kill = 0; kill < Math.ceil(kills / processes); kill++) {
        const running = Array.from({ length: processes }, () => start(url));
        const gone = running.map(ended);
        for (const child of running) {
          await sleep(Math.random() * (900 / processes));
          child.kill("SIGKILL");
        }
        await Promise.all(gone);
        const rows = await ask(database.url, truth).catch(() => []);
        halves += rows.filter((row) => !isWhole(row)).length;
      }
      const last = Array.from({ length: processes }, () => start(url));
      const said = last.map((child) => {
        const texts: string[] = [];
        child.stderr?.on("data", (text) => texts.push(String(text)));
        return texts;
      });
      const codes = await Promise.all(last.map(ended));
      expect({ codes, said }).toEqual({ codes: last.map(() => 0), said: last.map(() => []) });
      const rows = await ask(database.url, truth);
      expect(rows).toHaveLength(tenants);
      expect(rows.filter((row) => !isWhole(row) || row.history !== 3 || row.ready !== 1)).toEqual(
        [],
      );
      const inserted = await Promise.all(
        rows.map(
          async ({ tenant }) => (await ask(database.url, `SELECT tag FROM ${tenant}.posts`)).length,
        ),
      );
      expect(inserted.filter((count) => count !== 1)).toEqual([]);
      expect(halves).toBe(0);
    } finally {
      await pooler?.stop();
      await database.drop();
    }
  },
);
