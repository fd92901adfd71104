/**
 * The story of a pull request: a branch with an unsafe migration is red, and its safe form is green. A real repository of
 * git, and the steps of the workflow that `gen github` writes, run by hand. It prints what a person would see.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { parse } from "yaml";
import { commitAll, git } from "../support/git.ts";
import { type FreshDatabase, freshDatabase } from "../support/postgres.ts";
import { type Stage, stage } from "./support/stage.ts";

const files = {
  ".gitignore": "node_modules\n_release\n",
  "package.json": '{ "name": "blog", "version": "1.0.0", "type": "module" }\n',
  "release.ts": `import { defineRelease, env } from "slipway";
import { postgres } from "slipway/postgres";

export const Release = defineRelease({
  app: "blog",
  repos: { main: { adapter: postgres({ url: () => env("DATABASE_URL") }) } },
});
`,
  "db/main/migrations/20240101000000_create_posts.ts": `import { defineMigration } from "slipway";

export default defineMigration({
  change(m) {
    m.createTable("posts", (t) => {
      t.id();
      t.column("slug", "text");
      t.column("body", "text");
    });
  },
});
`,
};

const index = (line: string) => `import { defineMigration } from "slipway";

export default defineMigration({
  change(m) {
    ${line}
  },
});
`;

const path = "db/main/migrations/20240102000000_index_posts_by_slug.ts";

let request: Stage;
let database: FreshDatabase;

beforeAll(async () => {
  database = await freshDatabase();
  const summary = "summary.md";
  request = stage(files, {
    BASE: "main",
    GITHUB_STEP_SUMMARY: summary,
    DATABASE_URL: database.url,
  });
});

afterAll(async () => {
  request.remove();
  await database.drop();
});

/** What the workflow runs, but for `npm ci`: the stage has the packages. */
function stepsOf(): readonly string[] {
  const text = readFileSync(join(request.folder, ".github/workflows/migrations.yml"), "utf8");
  const { jobs } = parse(text) as {
    readonly jobs: {
      readonly migrations: { readonly steps: readonly { readonly run?: string }[] };
    };
  };
  return jobs.migrations.steps.flatMap(({ run }) =>
    run === undefined || run === "npm ci" ? [] : [run],
  );
}

/** Runs the steps until one fails, as GitHub does. Gives the one that failed and what it printed. */
async function workflow(): Promise<{ readonly failed?: string; readonly text: string }> {
  let all = "";
  for (const step of stepsOf()) {
    const { code, text } = await request.type(step);
    all += text;
    if (code !== 0) return { failed: step, text: all };
  }
  return { text: all };
}

it("an unsafe migration is red on its line, and its safe form is green", async () => {
  request.tell("The project has a migration that production has run, and a workflow.");
  expect((await request.type("npx slipway gen github")).code).toBe(0);
  commitAll(request.folder);
  git(request.folder, "branch", "-M", "main");

  request.tell("A branch adds an index to the posts. The workflow looks at it.");
  git(request.folder, "checkout", "--quiet", "-b", "slugs");
  request.write(path, index('m.createIndex("posts", ["slug"]);'));
  commitAll(request.folder);
  const red = await workflow();
  expect(red.failed).toContain("npx slipway check --base");
  expect(red.text).toContain(`::error file=${path},line=5,title=index-not-concurrent::`);
  expect(red.text).toContain('m.createIndexConcurrently("posts", ["slug"]);');
  expect(red.text).toMatch(/judged 1 new migration/);
  const summary = readFileSync(join(request.folder, "summary.md"), "utf8");
  expect(summary).toContain("index-not-concurrent");

  request.tell("The author writes the line that the annotation shows.");
  request.write(path, index('m.createIndexConcurrently("posts", ["slug"]);'));
  commitAll(request.folder);
  const green = await workflow();
  expect(green.failed).toBeUndefined();
  expect(green.text).toContain("posts_slug_index");

  request.tell("The pull request is green.");
  console.log(request.story().replaceAll(/postgres:\/\/\S+/g, "postgres://…"));
}, 300_000);
