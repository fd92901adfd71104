/** Pages for who moves in from a tool that few have: what they say is done, on a history as the tool leaves it. */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it, onTestFinished } from "vitest";
import { documentOf, makeProject, type Project } from "../cli/project.ts";
import { ask } from "../faults/support/server.ts";
import { freshDatabase } from "../support/postgres.ts";

const pages = join(import.meta.dirname, "../../docs/moving-from");
const sha = (algorithm: string, text: string) => createHash(algorithm).update(text).digest("hex");
const a = "CREATE TABLE a (id int);\n";
const b = "CREATE TABLE b (id int);\n";
const dropA = "DROP TABLE a;\n";
const dropB = "DROP TABLE b;\n";
const both = `-- migrate:up\n${b}-- migrate:down\n${dropB}`;

function leyModule(up: string, down: string): string {
  const way = (name: string, sql: string) =>
    `export const ${name} = async (client) => { await client.query(${JSON.stringify(sql)}); };\n`;
  return way("up", up) + way("down", down);
}

type Case = {
  /** What the tool has left behind; the table `a` is there. */
  readonly history: readonly string[];
  /** The files of the project. Default: one that is written after moving in. */
  readonly files?: { readonly [path: string]: string };
  /** Whether `adopt --back` writes its rows. Default: it refuses. */
  readonly goesBack?: true;
};

const cases: { readonly [page: string]: Case } = {
  ecto: {
    history: [
      "CREATE TABLE schema_migrations (version bigint PRIMARY KEY, inserted_at timestamp(0) NOT NULL)",
      "INSERT INTO schema_migrations VALUES (20240101000000, now()), (20240102000000, now())",
    ],
  },
  django: {
    history: [
      "CREATE TABLE django_migrations (id bigserial PRIMARY KEY, app varchar(255) NOT NULL, name varchar(255) NOT NULL, applied timestamptz NOT NULL)",
      "INSERT INTO django_migrations (app, name, applied) VALUES ('auth', '0001_initial', now()), ('shop', '0001_initial', now())",
    ],
  },
  alembic: {
    history: [
      "CREATE TABLE alembic_version (version_num varchar(32) PRIMARY KEY)",
      "INSERT INTO alembic_version VALUES ('ae1027a6acf1')",
    ],
  },
  laravel: {
    history: [
      "CREATE TABLE migrations (id serial PRIMARY KEY, migration varchar(255) NOT NULL, batch int NOT NULL)",
      "INSERT INTO migrations (migration, batch) VALUES ('2014_10_12_000000_create_users_table', 1), ('2014_10_12_100000_create_a', 1)",
    ],
  },
  sqitch: {
    files: {
      "migrations/001_a.up.sql": a,
      "migrations/001_a.down.sql": dropA,
      "migrations/002_b.up.sql": b,
      "migrations/002_b.down.sql": dropB,
    },
    history: [
      "CREATE SCHEMA sqitch",
      "CREATE TABLE sqitch.changes (change_id text PRIMARY KEY, script_hash text, change text NOT NULL, project text NOT NULL, note text NOT NULL DEFAULT '', committed_at timestamptz NOT NULL DEFAULT now(), committer_name text, committer_email text, planned_at timestamptz, planner_name text, planner_email text)",
      `INSERT INTO sqitch.changes (change_id, script_hash, change, project) VALUES ('1', '${sha("sha1", a)}', 'a', 'shop')`,
    ],
  },
  tern: {
    files: {
      "migrations/001_a.sql": `${a}---- create above / drop below ----\n${dropA}`,
      "migrations/002_b.sql": `${b}---- create above / drop below ----\n${dropB}`,
    },
    history: [
      "CREATE TABLE schema_version (version int4 NOT NULL)",
      "INSERT INTO schema_version VALUES (1)",
    ],
    goesBack: true,
  },
  yoyo: {
    files: {
      "migrations/0001.a.sql": a,
      "migrations/0001.a.rollback.sql": dropA,
      "migrations/0002.b.sql": `-- depends: 0001.a\n${b}`,
      "migrations/0002.b.rollback.sql": dropB,
    },
    history: [
      "CREATE TABLE _yoyo_migration (migration_hash varchar(64) PRIMARY KEY, migration_id varchar(255), applied_at_utc timestamp)",
      "CREATE TABLE _yoyo_log (id varchar(36) PRIMARY KEY, migration_hash varchar(64), migration_id varchar(255), operation varchar(10), username varchar(255), hostname varchar(255), comment varchar(255), created_at_utc timestamp)",
      "CREATE TABLE yoyo_lock (locked int PRIMARY KEY DEFAULT 1, ctime timestamp, pid int NOT NULL)",
      `INSERT INTO _yoyo_migration VALUES ('${sha("sha256", "0001.a")}', '0001.a', now())`,
    ],
    goesBack: true,
  },
  pgroll: {
    history: [
      "CREATE SCHEMA pgroll",
      "CREATE TABLE pgroll.migrations (schema name NOT NULL, name text NOT NULL, migration jsonb NOT NULL, created_at timestamptz DEFAULT now(), updated_at timestamptz DEFAULT now(), parent text, done boolean NOT NULL DEFAULT false, resulting_schema jsonb NOT NULL DEFAULT '{}', migration_type varchar(32) DEFAULT 'pgroll', PRIMARY KEY (schema, name))",
      "INSERT INTO pgroll.migrations (schema, name, migration, parent, done) VALUES ('public', '01_create_a', '{}', NULL, true)",
    ],
  },
  ley: {
    files: {
      "migrations/000-a.js": leyModule(a, dropA),
      "migrations/001-more.js": leyModule(b, dropB),
    },
    history: [
      "CREATE TABLE migrations (id serial PRIMARY KEY, name varchar(255) NOT NULL, created_at timestamp NOT NULL DEFAULT now())",
      "INSERT INTO migrations (name) VALUES ('000-a.js')",
    ],
    goesBack: true,
  },
  postgrator: {
    files: {
      "migrations/001.do.a.sql": a,
      "migrations/001.undo.a.sql": dropA,
      "migrations/002.do.b.sql": b,
      "migrations/002.undo.b.sql": dropB,
    },
    history: [
      "CREATE TABLE schemaversion (version bigint PRIMARY KEY, name text, md5 text, run_at timestamptz)",
      `INSERT INTO schemaversion VALUES (0, '', '', now()), (1, 'a', '${sha("md5", a)}', now())`,
    ],
    goesBack: true,
  },
  "slonik-migrator": {
    files: {
      "migrations/2024.01.01T10.00.00.a.sql": a,
      "migrations/down/2024.01.01T10.00.00.a.sql": dropA,
      "migrations/2024.01.02T10.00.00.b.sql": b,
      "migrations/down/2024.01.02T10.00.00.b.sql": dropB,
    },
    history: [
      "CREATE TABLE migration (name text PRIMARY KEY, hash text NOT NULL, date timestamptz NOT NULL DEFAULT now())",
      `INSERT INTO migration VALUES ('2024.01.01T10.00.00.a.sql', '${sha("md5", a.trimEnd()).slice(0, 10)}')`,
    ],
    goesBack: true,
  },
  "databases-pg-migrations": {
    files: { "migrations/00001-a.sql": a, "migrations/00002-b.sql": b },
    history: [
      "CREATE TABLE atdatabases_migrations_applied (id bigserial PRIMARY KEY, index int NOT NULL, name text NOT NULL, script text NOT NULL, applied_at timestamptz NOT NULL, ignored_error text, obsolete boolean NOT NULL)",
      `INSERT INTO atdatabases_migrations_applied (index, name, script, applied_at, obsolete) VALUES (1, '00001-a.sql', '${a}', now(), false)`,
    ],
    goesBack: true,
  },
};

let project: Project;
afterEach(() => project?.remove());

describe.each(Object.entries(cases))("%s", (page, { history, files, goesBack }) => {
  const text = readFileSync(join(pages, `${page}.md`), "utf8");
  const [, release = ""] = /```ts\n([\s\S]*?)```/.exec(text) ?? [];
  const [, folder = ""] = /migrations: "([^"]+)"/.exec(release) ?? [];
  const head = [...text.matchAll(/^\$ npx slipway (.+)$/gm)].map(([, words]) => words!);
  const daily = [...text.matchAll(/^\| .* \| `slipway ([^`]+)` \|$/gm)].map(([, words]) => words!);

  it("moves in by the commands of its page, and goes on by those of every day", async () => {
    const { run, url } = await begun({ [`${folder}/20990101000000_b.sql`]: both });
    for (const command of head) await run(command);
    const status = documentOf(await run("status --json")) as Status;
    const left = status.repos[0]!.migrations.filter((one) => one.status !== "up");
    expect(left).toEqual([]);
    expect(await ask(url, "SELECT to_regclass('b')::text AS b")).toEqual([{ b: "b" }]);
    const back = await run("adopt --back --dry-run", goesBack ? 0 : null);
    if (!goesBack) expect(back.code, back.stderr).not.toBe(0);

    expect(daily.length).toBeGreaterThan(2);
    const was = new Set(readdirSync(join(project.folder, folder)));
    await run("gen migration extra --sql");
    const made = readdirSync(join(project.folder, folder)).find((name) => !was.has(name)) ?? "";
    const version = /^(?:\d+\D\d\D\d\dT[\d.]+|\d+)/.exec(made)?.[0] ?? "";
    expect(version).not.toBe("");
    project.write(join(folder, made), "-- migrate:up\nSELECT 1;\n-- migrate:down\nSELECT 1;\n");
    for (const command of daily.toSorted((x, y) => place(x) - place(y)))
      await run(command.replace("VERSION", version).replace("NAME", `n${place(command)}`));
  });

  it.runIf(/gen baseline main`[^|]*(?:baseline main --at|mark main)/.test(text))(
    "or begins with a baseline",
    async () => {
      const { run } = await begun({});
      await run("gen baseline main");
      const [made = ""] = readdirSync(join(project.folder, folder));
      const version = /^\d+/.exec(made)?.[0] ?? "";
      await run(
        /slipway (baseline main --at|mark main) VERSION[^`]*/
          .exec(text)?.[0]
          .replace("slipway ", "")
          .replace("VERSION", version) ?? "status",
      );
      await run("migrate");
    },
  );

  async function begun(more: { readonly [path: string]: string }) {
    const database = await freshDatabase();
    onTestFinished(() => database.drop());
    for (const sql of [a, ...history]) await ask(database.url, sql);
    const own = files !== undefined && Object.keys(more).length > 0 ? files : more;
    project = makeProject({ "release.ts": release, ...own });
    expect(existsSync(join(project.folder, "release.ts"))).toBe(true);
    const run = async (command: string, code: number | null = 0) => {
      const how = /^(?:rollback|reset|redo)/.test(command) ? ["--yes"] : [];
      const ran = await project.run([...command.split(" "), ...how], {
        env: { DATABASE_URL: database.url },
      });
      if (code !== null) expect(ran, `slipway ${command}: ${ran.stderr}`).toMatchObject({ code });
      return ran;
    };
    return { run, url: database.url };
  }
});

type Status = {
  readonly repos: readonly { readonly migrations: readonly { readonly status: string }[] }[];
};

/** What destroys comes last. */
function place(command: string): number {
  const order = [
    "gen",
    "status",
    "plan",
    "check",
    "mark",
    "migrate",
    "history",
    "dump",
    "rollback",
    "adopt",
    "reset",
  ];
  return order.findIndex((word) => command.startsWith(word)) + (command.includes("--all") ? 20 : 0);
}
