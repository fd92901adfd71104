/** The main job, start to end: what `npm run quickstart` shows. */
import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Release as Embedded } from "./embedded.ts";
import { Release as OnServer } from "./release.ts";

const here = import.meta.dirname;
const cli = fileURLToPath(new URL("../../dist/cli/bin.js", import.meta.url));
const onServer = Boolean(process.env.DATABASE_URL);
const Release = onServer ? OnServer : Embedded;

/** Runs one command as a user would, and shows it. */
function slipway(...args: readonly string[]): void {
  say(`\n$ npx slipway ${args.join(" ")}`);
  const { status } = spawnSync(process.execPath, [cli, ...args], {
    cwd: here,
    stdio: "inherit",
    env: { ...process.env, SLIPWAY_RELEASE: onServer ? "release.ts" : "embedded.ts" },
  });
  if (status !== 0) process.exit(status ?? 1);
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** The story of the blog: posts were written before anyone thought of published_at. */
async function writePosts(): Promise<void> {
  await withDatabase(async (db) => {
    await db.query(
      "insert into users (name, inserted_at, updated_at) values ('Ada', now(), now())",
    );
    await db.query(
      "insert into posts (title, author_id, inserted_at, updated_at) select 'Post ' || n, (select max(id) from users), now(), now() from generate_series(1, 3) n",
    );
  });
}

async function countUnpublished(): Promise<string> {
  return withDatabase(async (db) => {
    const [row] = await db.query<{ count: string }>(
      "select count(*) from posts where published_at is null",
    );
    return String(row?.count);
  });
}

type Database = { query<Row>(sql: string): Promise<readonly Row[]> };

async function withDatabase<Result>(work: (db: Database) => Promise<Result>): Promise<Result> {
  if (onServer) {
    const { Client } = await import("pg");
    const client = new Client({ connectionString: process.env.DATABASE_URL });
    await client.connect();
    return work({ query: async (sql) => (await client.query(sql)).rows }).finally(() =>
      client.end(),
    );
  }
  const { PGlite } = await import("@electric-sql/pglite");
  const database = await PGlite.create(`${here}/.data`);
  return work({ query: async <Row>(sql: string) => (await database.query<Row>(sql)).rows }).finally(
    () => database.close(),
  );
}

if (onServer) {
  // A former quickstart may have been here: begin where it began.
  const quiet = Release.using({ emit: () => undefined });
  await quiet.rollback("main", { all: true }, { data: true });
  await quiet.rollback("main", { all: true });
} else {
  rmSync(`${here}/.data`, { recursive: true, force: true });
}

say(
  `A blog with four migrations and one data migration, on ${onServer ? "your server" : "PGlite: PostgreSQL inside this process"}.`,
);
slipway("status");
slipway("migrate", "--step", "1");
slipway("status");
slipway("migrate");

await writePosts();
say(
  `\nThree posts were written without published_at: ${await countUnpublished()} to fill. Data migrations run by hand, apart:`,
);
slipway("migrate-data");
say(
  `\nPosts left without published_at: ${await countUnpublished()}. Going back needs a repo and a version, on purpose:`,
);
slipway("rollback", "main", "20210718153341", "--yes");
slipway("status", "--data");

say(`
Try next, in examples/blog:${onServer ? "" : "\n  export SLIPWAY_RELEASE=embedded.ts   on PGlite, as here"}
  npx slipway plan                     what would run, with its SQL
  npx slipway migrate                  run what is pending
  npx slipway gen migration add_tags   write a migration
  npx slipway --help
A schema for each tenant, 300 of them on PGlite: examples/fleet and docs/fleets.md
The same on a server: DATABASE_URL=postgres://user:password@host/db npm run quickstart`);
