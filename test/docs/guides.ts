/** A project with a table of posts and some rows, in which a guide is walked. */
import { join } from "node:path";
import { afterAll, expect } from "vitest";
import { folderOf } from "../built/support.ts";
import { asSuperuser, freshDatabase } from "../support/postgres.ts";
import { type Part, projectWith, walkPage } from "./walk.ts";

const posts = `import { defineMigration } from "slipway";

export default defineMigration({
  change(m) {
    m.createTable("posts", (t) => {
      t.id();
      t.column("title", "text", { null: false });
      t.column("excerpt", "text");
      t.column("views", "integer", { null: false, default: 0 });
    });
  },
});
`;

const release = `import { defineRelease, env } from "slipway";
import { postgres } from "slipway/postgres";

export const Release = defineRelease({
  app: "my_app",
  repos: { main: { adapter: postgres({ url: () => env("DATABASE_URL") }) } },
});
`;

/** Files of the project and variables of a guide, beside those that all have. */
export type GuideExtras = {
  readonly files?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  /** Default: the migration of the project has run, and there are rows. */
  readonly empty?: true;
  /** Runs in the folder of the project before its first command. */
  readonly prepare?: (project: string) => void;
};

/** Walks docs/guides/NAME.md on a database of its own, on which the table of posts has been made. */
export async function walkGuide(name: string, extras: GuideExtras = {}): Promise<readonly Part[]> {
  const database = await freshDatabase();
  const folder = folderOf("guide");
  afterAll(async () => {
    folder.remove();
    await database.drop();
  });
  const project = join(folder.path, "my_app");
  projectWith(project, ["pg", "esbuild", "libpg-query"], {
    "package.json": `{ "name": "my_app", "version": "1.0.0", "type": "module" }`,
    "release.ts": release,
    "db/main/migrations/20210709121212_create_posts.ts": posts,
    ...extras.files,
  });
  const walk = {
    ...{ page: `docs/guides/${name}.md`, project },
    env: { DATABASE_URL: database.url, DIRECT_URL: database.url, ...extras.env },
    sql: async (sql: string) => void (await asSuperuser(database.url, sql)),
  };
  extras.prepare?.(project);
  if (extras.empty !== true) await walkPage({ ...walk, text: start });
  const parts = await walkPage(walk);
  expect(parts.filter(({ kind }) => kind === "command").length).toBeGreaterThan(1);
  return parts;
}

const start = `\`\`\`console
$ npx slipway migrate --quiet
\`\`\`

<!-- sql: insert into posts (title) select 'Post ' || n from generate_series(1, 5000) n -->
`;
