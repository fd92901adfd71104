/** The app that is rolled out: two versions of it, as projects of a user's. */

const release = `import { defineRelease, env } from "slipway";
import { postgres } from "slipway/postgres";

export const Release = defineRelease({
  app: "my_app",
  repos: { main: { adapter: postgres({ url: () => env("DATABASE_URL") }) } },
});
`;

/** Serves posts; on SIGTERM it says that it is not ready, serves on until that was heard, and then ends. */
const server = (column: string) => `import { createServer } from "node:http";
import pg from "pg";
import { health, nodeListener } from "slipway/http";
import { Release } from "../release.ts";

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 4 });
pool.on("error", () => undefined);
const probe = nodeListener(health(Release));
let leaving = false;

async function answer(request) {
  if (request.method !== "PUT") {
    return (await pool.query("select id, title, ${column} from posts order by id limit 5")).rows;
  }
  const id = Number(request.url.split("/").at(-1));
  const sql = "insert into posts (id, title, ${column}) values ($1, 'a', 'b') on conflict (id) do update set title = 'c'";
  return (await pool.query(sql, [id])).rowCount;
}

const server = createServer(async (request, response) => {
  if (request.url.startsWith("/health/") && !leaving) return probe(request, response);
  if (request.url.startsWith("/health/")) return response.writeHead(503).end();
  try {
    response.end(JSON.stringify(await answer(request)));
  } catch (error) {
    console.error(error);
    response.writeHead(500).end(error.message);
  }
});
process.on("SIGTERM", () => {
  leaving = true;
  setTimeout(() => server.close(() => pool.end()), 1_000);
});
await Release.assertMigrated();
server.listen(Number(process.env.PORT), process.env.HOST);
`;

const posts = `import { defineMigration } from "slipway";

export default defineMigration({
  change: (m) =>
    m.createTable("posts", (t) => {
      t.id();
      t.column("title", "text", { null: false });
      t.column("subtitle", "text");
    }),
});
`;

const addSummary = `import { defineMigration } from "slipway";

export default defineMigration({
  change: (m) => m.alterTable("posts", (t) => t.add("summary", "text")),
});
`;

const dropSubtitle = `import { defineMigration } from "slipway";

export default defineMigration({
  phase: "after",
  change: (m) => m.alterTable("posts", (t) => t.remove("subtitle", { was: "text" })),
});
`;

/** The project of each version. The old code needs a column that the new one drops when the old one is gone. */
export const versions = {
  old: {
    "package.json": '{ "name": "my_app", "version": "1.0.0", "type": "module" }',
    "release.ts": release,
    "src/server.ts": server("subtitle"),
    "db/main/migrations/1_users.ts": posts,
  },
  new: {
    "package.json": '{ "name": "my_app", "version": "2.0.0", "type": "module" }',
    "release.ts": release,
    "src/server.ts": server("summary"),
    "db/main/migrations/1_users.ts": posts,
    "db/main/migrations/2_add_summary.ts": addSummary,
    "db/main/migrations/3_drop_subtitle.ts": dropSubtitle,
  },
} as const;
