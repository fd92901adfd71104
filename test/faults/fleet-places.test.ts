/**
 * Tenants with a file or a database each, and processes that are killed at random moments: each stands between two
 * migrations, with a history that says which, and the last run finishes them all. A hundred kills in `npm run faults`.
 */
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, describe, expect, it } from "vitest";
import { folderOf } from "../built/support.ts";
import { startPgbouncer } from "../support/pgbouncer.ts";
import { type FreshDatabase, freshDatabase } from "../support/postgres.ts";
import { figuresOf, full } from "./support/figures.ts";
import { emptied, fleetProject, killAtRandom, migrate } from "./support/fleet.ts";
import { ask } from "./support/server.ts";

const figures = figuresOf("fleet: files and databases");
const kills = full ? 100 : 6;
const folder = folderOf("fleet-places");
afterAll(() => folder.remove());

const migrations = {
  "1_posts.sql": "CREATE TABLE posts (id bigint);\n",
  "2_rows.sql": "INSERT INTO posts VALUES (1);\nCREATE TABLE tags (id bigint);\n",
  "3_tag.sql": "ALTER TABLE posts ADD COLUMN tag text;\n",
};

/** What a tenant has, by its history. */
const stages: Readonly<Record<string, string>> = {
  "": "",
  "1": "posts.id; 0 rows",
  "1,2": "posts.id, tags.id; 1 rows",
  "1,2,3": "posts.id, posts.tag, tags.id; 1 rows",
};

type Seen = { readonly history: string; readonly is: string };

const isDone = (one: Seen) => one.history === "1,2,3" && !isHalf(one);
const isHalf = ({ history, is }: Seen) => stages[history] !== is;

/** Kills, looks, finishes, and looks again. */
async function storm(
  name: string,
  at: {
    readonly processes: number;
    readonly begin: () => ReturnType<typeof migrate>;
    readonly look: () => Promise<readonly Seen[]>;
    readonly beginAnew: () => Promise<void>;
  },
): Promise<void> {
  const { processes, begin, beginAnew } = at;
  let halves = 0;
  const look = async () => {
    const seen = await at.look();
    halves += seen.filter(isHalf).length;
    return seen.every(isDone);
  };
  const how = { kills, processes, look, beginAnew };
  const { killed, atWork } = await killAtRandom(begin, how);
  const last = await Promise.all(Array.from({ length: processes }, () => begin().ended));
  expect(last).toEqual(last.map(() => ({ code: 0, stderr: "" })));
  const seen = await at.look();
  figures.tell(`${name}: killed, and of these at work`, `${killed}, ${atWork}`);
  figures.must(`${name}: tenants half migrated after a kill`, halves, 0);
  const untrue = seen.filter((one) => !isDone(one));
  figures.must(`${name}: tenants not whole at the end`, untrue.length, 0);
  expect(seen.length).toBeGreaterThan(0);
}

/** Eight take long to start, and meet what two meet. */
const counts = full ? [1, 2, 8] : [1, 2];

describe("a file for each tenant", () => {
  it.for(counts)(
    "%i processes, killed at random moments",
    { timeout: 600_000 },
    async (processes) => {
      const here = join(folder.path, `files-${processes}`);
      const files = Array.from({ length: 12 }, (_, i) => `tenants/t${i}.db`);
      mkdirSync(here);
      const project = fleetProject(here, `{ files: ${JSON.stringify(files)} }`, migrations, {
        adapter: "sqlite",
        at: `path: "shared.db"`,
      });
      mkdirSync(join(project, "tenants"));
      const look = async () => files.map((file) => seenInFile(join(project, file)));
      const begin = () => migrate(project, {});
      const beginAnew = async () => {
        rmSync(join(project, "tenants"), { recursive: true });
        for (const beside of ["", "-wal", "-shm"])
          rmSync(join(project, `shared.db${beside}`), { force: true });
        mkdirSync(join(project, "tenants"));
      };
      await storm(`files, ${processes} at once`, { processes, begin, look, beginAnew });
    },
  );
});

function seenInFile(path: string): Seen {
  if (!existsSync(path)) return { history: "", is: "" };
  const database = new DatabaseSync(path, { timeout: 5_000 });
  try {
    const one = (sql: string) => String(Object.values(database.prepare(sql).get() ?? {})[0] ?? "");
    const has = (table: string) =>
      one(`SELECT count(*) FROM sqlite_schema WHERE name = '${table}'`) === "1";
    const history = has("schema_migrations")
      ? one(
          "SELECT group_concat(version, ',') FROM (SELECT version FROM schema_migrations ORDER BY 1)",
        )
      : "";
    if (!has("posts")) return { history, is: "" };
    const columns = one(
      "SELECT group_concat(it, ', ') FROM (SELECT m.name || '.' || c.name AS it FROM sqlite_schema m, pragma_table_info(m.name) c WHERE m.name IN ('posts', 'tags') ORDER BY m.name, c.cid)",
    );
    return { history, is: `${columns}; ${one("SELECT count(*) FROM posts")} rows` };
  } finally {
    database.close();
  }
}

describe("a database for each tenant", () => {
  const pooled = full ? counts.map((processes) => [processes, true] as const) : [];
  it.for([...counts.map((processes) => [processes, false] as const), ...pooled])(
    "%i processes, killed at random moments, through PgBouncer: %s",
    { timeout: full ? 1_200_000 : 600_000 },
    async ([processes, isPooled], context) => {
      const name = `databases-${processes}${isPooled ? "-pooled" : ""}`;
      const here = join(folder.path, name);
      mkdirSync(here);
      const shared = await freshDatabase();
      const own: FreshDatabase[] = [];
      // A lock keeps a connection to the server for as long as it is held.
      const pooler = isPooled ? await startPgbouncer(shared.url, { poolSize: 20 }) : undefined;
      if (isPooled && pooler === undefined) return context.skip("PgBouncer is not installed");
      try {
        for (let i = 0; i < 5; i++) own.push(await freshDatabase());
        const reached = (url: string) => {
          const through = new URL(url);
          if (pooler !== undefined) through.host = new URL(pooler.url).host;
          return through.href;
        };
        const places = Object.fromEntries(own.map(({ url }, i) => [`t${i}`, reached(url)]));
        const project = fleetProject(here, `{ databases: ${JSON.stringify(places)} }`, migrations);
        const look = () => Promise.all(own.map(({ url }) => seenInDatabase(url)));
        const env = { DATABASE_URL: reached(shared.url) };
        const begin = () => migrate(project, env, "--concurrency", "3");
        const beginAnew = async () => {
          for (const { url } of [shared, ...own]) await emptied(url);
        };
        const words = `databases, ${processes} at once${isPooled ? ", through PgBouncer" : ""}`;
        await storm(words, { processes, begin, look, beginAnew });
      } finally {
        await pooler?.stop();
        for (const one of [shared, ...own]) await one.drop();
      }
    },
  );
});

async function seenInDatabase(url: string): Promise<Seen> {
  const [there] = await ask(
    url,
    "SELECT to_regclass('schema_migrations') IS NOT NULL AS history, to_regclass('posts') IS NOT NULL AS posts",
  );
  const [row] = there?.history
    ? await ask(
        url,
        "SELECT coalesce(string_agg(version::text, ',' ORDER BY version), '') AS history FROM schema_migrations",
      )
    : [];
  const history = String(row?.history ?? "");
  if (!there?.posts) return { history, is: "" };
  const [is] = await ask(
    url,
    "SELECT (SELECT string_agg(table_name || '.' || column_name, ', ' ORDER BY table_name, ordinal_position) FROM information_schema.columns WHERE table_name IN ('posts', 'tags')) || '; ' || (SELECT count(*) FROM posts) || ' rows' AS it",
  );
  return { history, is: String(is?.it) };
}
