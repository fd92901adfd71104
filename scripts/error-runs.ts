/** Commands that end in an error, for docs/errors.md: each is run in a project on disk when the page is made. */
import { errorOf } from "../src/core/model/development-error.ts";
import type { ErrorCode } from "../src/core/model/errors.ts";
import {
  makeProject,
  type Project,
  pgliteRelease,
  postgresRelease,
  sqliteRelease,
  tableMigration,
  twoRepos,
} from "../test/cli/project.ts";
import { errorExamples } from "./error-examples.ts";

type Files = { readonly [path: string]: string };

/** A command that ends with one error. */
export type ErrorRun = {
  /** The error that it ends with. */
  readonly code: ErrorCode;
  readonly files?: Files;
  /** Commands that are run before, and must succeed. Default: none. */
  readonly before?: readonly (readonly string[])[];
  /** Files that are written after them. */
  readonly later?: Files;
  readonly run: readonly string[];
  /** Variables of the command, which the page shows before it. Default: none. */
  readonly env?: { readonly [variable: string]: string };
  /** A command that works beside it: the other begins when this one says that it runs. Default: none. */
  readonly beside?: readonly string[];
};

/** What a reader sees. */
export type ErrorShown = { readonly command: string; readonly output: string };

const folder = "db/main/migrations";
const posts = { [`${folder}/20210709121212_create_posts.ts`]: tableMigration("posts") };
const change = (body: string) => `import { defineMigration } from "slipway";

export default defineMigration({
  change(m) {
    ${body}
  },
});
`;
const file = (name: string, text: string): Files => ({ [`${folder}/${name}`]: text });
const migration = (body: string) => file("20210709121212_create_posts.ts", change(body));

export const errorRuns: readonly ErrorRun[] = [
  { code: "usage_invalid", run: ["migrate", "--stp", "1"] },
  { code: "option_invalid", run: ["migrate", "--step", "0"] },
  { code: "targets_conflict", run: ["migrate", "--step", "1", "--all"] },
  { code: "release_missing", run: ["status", "--release", "app/release.ts"] },
  {
    code: "release_invalid",
    files: { "release.ts": "export const Relase = {};\n" },
    run: ["status"],
  },
  { code: "migrations_pending", files: posts, run: ["status", "--check"] },
  {
    code: "unsafe",
    files: { "release.ts": pgliteRelease, ...posts },
    before: [["migrate", "-q"]],
    later: file("20210718153339_index_posts.ts", change('m.createIndex("posts", ["id"]);')),
    run: ["migrate", "--strict"],
  },
  {
    code: "looks_like_production",
    files: posts,
    env: { NODE_ENV: "production" },
    run: ["reset"],
  },
  {
    code: "lock_held",
    files: file(
      "20210709121212_send.ts",
      change("m.run(() => new Promise((done) => setTimeout(done, 60_000)));"),
    ),
    beside: ["migrate"],
    run: ["migrate", "--lock-wait", "0"],
  },
  { code: "repo_unknown", run: ["status", "--repo", "mian"] },
  { code: "repo_missing", files: { "release.ts": twoRepos }, run: ["rollback"] },
  { code: "version_missing", files: posts, run: ["rollback", "main"] },
  {
    code: "version_unknown",
    files: posts,
    before: [["migrate", "-q"]],
    run: ["rollback", "main", "20210709121213", "--yes"],
  },
  {
    code: "version_duplicated",
    files: { ...posts, ...file("20210709121212_create_users.ts", tableMigration("users")) },
    run: ["migrate"],
  },
  {
    code: "out_of_order",
    files: file("20210718153339_create_users.ts", tableMigration("users")),
    before: [["migrate", "-q"]],
    later: posts,
    run: ["migrate", "--strict-version-order"],
  },
  {
    code: "layout_unknown",
    files: file("20210718153339_create_posts.rb", "class CreatePosts\nend\n"),
    run: ["migrate"],
  },
  {
    code: "folder_missing",
    files: { "release.ts": sqliteRelease.replace("adapter:", 'migrations: "db/other", adapter:') },
    run: ["migrate"],
  },
  {
    code: "not_a_migration",
    files: file("20210709121212_create_posts.ts", "export const posts = 1;\n"),
    run: ["migrate"],
  },
  {
    code: "migration_unloadable",
    files: file("20210709121212_create_posts.mjs", 'import { nanoid } from "nanoid";\n'),
    run: ["migrate"],
  },
  {
    code: "migration_invalid",
    files: file(
      "20210709121212_create_posts.mjs",
      'import { defineMigration } from "slipway";\nexport default defineMigration({});\n',
    ),
    run: ["migrate"],
  },
  {
    code: "callback_missing",
    files: file(
      "20210709121212_create_posts.ts",
      change('m.createTable("posts", (t) => t.id());').replace("change(m)", "up(m)"),
    ),
    before: [["migrate", "-q"]],
    run: ["rollback", "main", "--step", "1", "--yes"],
  },
  {
    code: "sql_section_missing",
    files: file("20210709121212_create_posts.sql", "create table posts (id integer);\n"),
    before: [["migrate", "-q"]],
    run: ["rollback", "main", "--step", "1", "--yes"],
  },
  {
    code: "operation_invalid",
    files: migration(
      'm.createTable("posts", (t) => { t.column("title", "string"); t.column("title", "text"); });',
    ),
    run: ["migrate"],
  },
  {
    code: "irreversible",
    files: { ...posts, ...file("20210718153339_drop_posts.ts", change('m.dropTable("posts");')) },
    before: [["migrate", "-q"]],
    run: ["rollback", "main", "--step", "1", "--yes"],
  },
  {
    code: "operation_unsupported",
    files: migration('m.createExtension("citext");'),
    run: ["migrate"],
  },
  { code: "migration_empty", files: migration(""), run: ["migrate", "--strict"] },
  {
    code: "migration_edited",
    files: file("20210709121212_create_posts.sql", "create table posts (title varchar(255));\n"),
    before: [["migrate", "-q"]],
    later: {
      ...file("20210709121212_create_posts.sql", "create table posts (title text);\n"),
      ...file("20210718153339_create_users.ts", tableMigration("users")),
    },
    run: ["migrate"],
  },
  {
    code: "env_missing",
    files: {
      "release.ts": sqliteRelease
        .replace("{ defineRelease }", "{ defineRelease, env }")
        .replace('"main.db"', '() => env("DATABASE_FILE")'),
    },
    run: ["status"],
  },
  { code: "migration_not_in_release", files: posts, run: ["check", "20210718153338"] },
  {
    code: "migration_required",
    files: {
      ...file(
        "20210709121212_views.sql",
        "-- slipway: phase=after\ncreate table views (id integer);\n",
      ),
      ...file(
        "20210718153339_totals.sql",
        "-- slipway: requires=20210709121212\ncreate table totals (id integer);\n",
      ),
    },
    run: ["migrate", "--phase", "before"],
  },
  {
    code: "data_migration_unknown",
    files: file(
      "20210718153339_totals.sql",
      "-- slipway: requires-data=20210811035223\ncreate table totals (id integer);\n",
    ),
    run: ["migrate"],
  },
  {
    code: "data_migration_required",
    files: {
      ...file(
        "20210901000000_totals.sql",
        "-- slipway: requires-data=20210811035222\ncreate table totals (id integer);\n",
      ),
      "db/main/data_migrations/20210811035222_fill.sql": "select 1;\n",
    },
    run: ["migrate"],
  },
  {
    code: "connection_failed",
    files: {
      "release.ts": postgresRelease
        .replace('() => env("DATABASE_URL")', '"postgres://app@127.0.0.1:1/app"')
        .replace(", env", ""),
      ...posts,
    },
    run: ["status"],
  },
  {
    code: "baseline_refused",
    files: { ...posts, ...file("20210718153339_create_users.ts", tableMigration("users")) },
    before: [["migrate", "-q"]],
    run: ["baseline", "main", "--at", "20210709121212"],
  },
  { code: "shadow_unsupported", files: posts, run: ["check", "--trace", "--all"] },
  {
    code: "load_failed",
    files: {
      ...posts,
      "db/main/structure.sql":
        "create table posts (id integer);\ncreate tabel users (id integer);\n",
    },
    run: ["load"],
  },
  {
    code: "dump_differs",
    files: posts,
    before: [
      ["migrate", "-q"],
      ["dump", "-q"],
    ],
    later: { "db/main/structure.sql": "CREATE TABLE other (id integer);\n" },
    run: ["dump", "--check"],
  },
  {
    code: "roundtrip_differs",
    files: file(
      "20210709121212_create_posts.sql",
      "-- migrate:up\ncreate table posts (id integer);\n-- migrate:down\nselect 1;\n",
    ),
    run: ["check", "--roundtrip", "--all"],
  },
  {
    code: "migration_failed",
    files: {
      ...posts,
      ...file("20210718153339_posts_again.sql", "create table posts (id integer);\n"),
    },
    run: ["migrate"],
  },
  { code: "wait_timed_out", files: posts, run: ["wait", "--timeout", "1"] },
  {
    code: "nothing_to_mark",
    files: posts,
    before: [["migrate", "-q"]],
    run: ["mark", "main", "20210709121212", "done"],
  },
  { code: "name_taken", files: posts, run: ["gen", "migration", "create_posts"] },
  { code: "nothing_to_redo", files: posts, run: ["redo"] },
  { code: "seeds_missing", files: posts, run: ["seed"] },
  {
    code: "seeds_failed",
    files: {
      ...posts,
      "db/main/seeds.mjs": `import { defineSeeds } from "slipway";
export default defineSeeds((db) => db.query("insert into users (id) values (1)"));
`,
    },
    before: [["migrate", "-q"]],
    run: ["seed"],
  },
  { code: "manifest_stale", files: posts, run: ["gen", "manifest", "--check"] },
  {
    code: "types_stale",
    files: posts,
    before: [["migrate", "-q"]],
    run: ["gen", "types", "--check"],
  },
  { code: "base_unreadable", files: posts, run: ["check", "--base", "main"] },
  { code: "confirmation_missing", files: posts, run: ["drop"] },
  { code: "file_exists", run: ["gen", "release"] },
  { code: "backfill_unknown", files: posts, run: ["backfill", "show", "20210811035223"] },
  {
    code: "check_found",
    files: {
      "b.sql": "DROP TABLE audit;\n",
      "schema.sql": "CREATE TABLE audit (id integer);\nCREATE VIEW a AS SELECT id FROM audit;\n",
    },
    run: ["check", "b.sql", "--dialect", "sqlite", "--schema", "schema.sql"],
  },
  { code: "file_unreadable", run: ["check", "a.sql", "--dialect", "sqlite"] },
  { code: "facts_unreadable", files: posts, run: ["check", "--facts", "production.json"] },
  { code: "foreign_missing", files: posts, run: ["adopt", "main", "--from", "knex"] },
  {
    code: "tenants_not_there",
    files: posts,
    run: ["rollback", "main", "20210709121212", "--tenant", "acme", "--yes"],
  },
  { code: "dump_missing", files: posts, run: ["load"] },
  { code: "schema_not_kept", files: posts, run: ["verify", "--schema"] },
  {
    code: "load_not_empty",
    files: posts,
    before: [
      ["migrate", "-q"],
      ["dump", "-q"],
    ],
    run: ["load"],
  },
];

/** What each command prints, by its error. */
export async function runErrors(
  runs: readonly ErrorRun[] = errorRuns,
): Promise<ReadonlyMap<string, ErrorShown>> {
  const shown = new Map<string, ErrorShown>();
  const waiting = [...runs];
  const work = async () => {
    for (let run = waiting.shift(); run !== undefined; run = waiting.shift())
      shown.set(run.code, await shownBy(run));
  };
  await Promise.all([work(), work(), work()]);
  return new Map([...shown].sort(([a], [b]) => (a < b ? -1 : 1)));
}

async function shownBy({ code, files = {}, before = [], later = {}, run, ...more }: ErrorRun) {
  const { env = {}, beside } = more;
  const project = makeProject({ "release.ts": sqliteRelease, ...files });
  const other = beside === undefined ? undefined : project.start(beside);
  try {
    await other?.said("== Running");
    for (const args of before) await succeed(project, args);
    for (const [path, text] of Object.entries(later)) project.write(path, text);
    const { stderr, code: ended } = await project.run(run, { env });
    const output = `${stderr.slice(Math.max(0, stderr.indexOf("error: ")))}`
      .trimEnd()
      .replaceAll(`${project.folder}/`, "/srv/my_app/")
      .replace(
        /pid \d+, on [^,;]+, since [^,;]+/,
        "pid 4711, on db-job-1, since 2026-11-29T07:43:53Z",
      );
    const { exitCode } = errorOf(code, errorExamples[code]);
    if (ended !== exitCode)
      throw new Error(`slipway ${run.join(" ")} ended with ${ended}, not ${exitCode}: ${stderr}`);
    const variables = Object.entries(env).map(([name, value]) => `${name}=${value} `);
    return { command: `${variables.join("")}slipway ${run.join(" ")}`, output };
  } finally {
    other?.kill("SIGKILL");
    await other?.ended;
    project.remove();
  }
}

async function succeed(project: Project, args: readonly string[]): Promise<void> {
  const { code, stderr } = await project.run(args);
  if (code !== 0) throw new Error(`slipway ${args.join(" ")} failed: ${stderr}`);
}
