import pg from "pg";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type FreshDatabase, freshDatabase } from "../support/postgres.ts";
import {
  documentOf,
  makeProject,
  type Project,
  postgresRelease,
  tableMigration,
} from "./project.ts";

let project: Project;
let database: FreshDatabase;
let gate: pg.Client;
let env: { readonly DATABASE_URL: string };

/** The second migration runs until the gate is opened. */
const files = {
  "release.ts": postgresRelease,
  "db/main/migrations/1_users.ts": tableMigration("users"),
  "db/main/migrations/2_gate.sql": "-- migrate:up\nselect pg_advisory_lock(7);\n",
  "db/main/migrations/3_posts.ts": tableMigration("posts"),
};

beforeEach(async () => {
  database = await freshDatabase();
  env = { DATABASE_URL: database.url };
  gate = new pg.Client({ connectionString: database.url });
  await gate.connect();
  await gate.query("select pg_advisory_lock(7)");
  project = makeProject(files);
});

afterEach(async () => {
  await gate.end();
  await database.drop();
  project.remove();
});

async function open(): Promise<void> {
  await gate.query("select pg_advisory_unlock(7)");
}

describe("a signal", () => {
  it.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGHUP", 129],
  ] as const)("%s cancels what runs, says so once and ends with %i", async (signal, code) => {
    const running = project.start(["migrate"], { env });
    await running.said("== Running 2 gate");
    running.kill(signal);
    const ended = await running.ended;
    expect(ended.code).toBe(code);
    expect(ended.stdout).toBe("");
    expect(ended.stderr.match(/stopping: what runs is cancelled/g)).toHaveLength(1);
    expect(ended.stderr).toMatch(
      new RegExp(
        `^error: stopped by ${signal}.*done before it: 1 \\(main\\)\nhint: It is safe`,
        "m",
      ),
    );
    const { stdout } = await project.run(["status"], { env });
    expect(stdout).toMatch(/up +1 +users\n +stopped +2 +gate\n +down +3 +posts/);
  });

  it("a second one ends it at once", async () => {
    const running = project.start(["migrate"], { env });
    await running.said("== Running 2 gate");
    running.kill("SIGINT");
    running.kill("SIGINT");
    expect((await running.ended).code).toBe(130);
  });
});

describe("the lock", () => {
  it("that is held elsewhere ends with exit code 5 and says who holds it; waiting gets it", async () => {
    const running = project.start(["migrate"], { env });
    await running.said("== Running 2 gate");
    const refused = await project.run(["migrate", "--lock-wait", "0", "--json"], { env });
    expect(refused.code).toBe(5);
    expect(documentOf(refused)).toMatchObject({
      error: {
        code: "lock_held",
        details: { repo: "main", holder: { application: "slipway my_app" } },
      },
    });
    const waiting = project.start(["migrate", "--lock-wait", "20"], { env });
    await waiting.said("repo main: waiting for the migration lock, held by slipway my_app");
    await open();
    expect([(await running.ended).code, (await waiting.ended).code]).toEqual([0, 0]);
  });
});
