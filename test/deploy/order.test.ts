/** What the generated files say, done: the release built as the Dockerfile builds it, and the commands of the manifests run in their order. */
import { execFile, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { parse } from "yaml";
import { makeProject, type Project } from "../cli/project.ts";
import { ask } from "../faults/support/server.ts";
import { commitAll } from "../support/git.ts";
import { type FreshDatabase, freshDatabase } from "../support/postgres.ts";
import { freePort } from "../support/server.ts";
import { readWorkflow } from "./workflow-parser.ts";

const release = `import { defineRelease, env } from "slipway";
import { postgres } from "slipway/postgres";

export const Release = defineRelease({
  app: "my_app",
  version: "2.4.0",
  repos: { main: { adapter: postgres({ url: () => env("DATABASE_URL") }) } },
});
`;

const server = `import { createServer } from "node:http";
import { Release } from "../release.ts";

await Release.assertMigrated();
createServer((_, response) => response.end("served")).listen(Number(process.env.PORT), "127.0.0.1");
`;

const files = {
  "release.ts": release,
  "src/server.ts": server,
  "db/main/migrations/20260101000000_posts.sql":
    "create table posts (id int primary key, title text, old text, visits int not null default 0);",
  "db/main/migrations/20260102000000_drop_old.sql":
    '-- slipway: phase=after\n-- slipway: safe drop-column "nothing reads it"\nalter table posts drop column old;',
  "db/main/data_migrations/20260104000000_count.ts": `import { defineBackfill, sql } from "slipway";

export default defineBackfill({ table: "posts", key: "id", set: { visits: sql\`visits + 1\` } });
`,
  "db/main/data_migrations/20260103000000_fill.sql":
    "update posts set title = 'none' where title is null;",
};

let project: Project;
let database: FreshDatabase;

beforeAll(async () => {
  database = await freshDatabase();
  project = makeProject({ ...files, "package.json": '{ "name": "my-app", "type": "module" }' });
});

afterAll(async () => {
  project.remove();
  await database.drop();
});

type Ran = { readonly code: number; readonly output: string };

/** The command that a manifest's first container, or its init container, runs: words that the image would get. */
function commandIn(file: string, init = false): readonly string[] {
  const { spec } = parse(readFileSync(join(project.folder, "deploy/kubernetes", file), "utf8"));
  const { initContainers, containers } = spec.template.spec;
  const [container] = init ? initContainers : containers;
  return [...container.command, ...container.args];
}

/** Runs it as the image would, with the release at /app; ends at once what does not end by itself. */
function run([command = "", ...args]: readonly string[]): Promise<Ran> {
  const file = command.replace(/^\/app\//, join(project.folder, "image/"));
  const env = { DATABASE_URL: database.url, PATH: `${dirname(process.execPath)}${delimiter}/bin` };
  return new Promise((done) => {
    execFile(file, args, { cwd: "/", env, timeout: 60_000 }, (error, stdout, stderr) =>
      done({ code: error === null ? 0 : Number(error.code ?? 1), output: stdout + stderr }),
    );
  });
}

it("a deploy goes through, and each step waits for the one before", async () => {
  for (const gen of [
    ["docker", "--app", "src/server.ts"],
    [
      ...["kubernetes", "--image", "registry.example/my-app:2.4.0", "--hash", "0123456789"],
      ...["--backfill", "20260104000000"],
    ],
  ]) {
    expect(await project.run(["gen", ...gen])).toMatchObject({ code: 0 });
  }
  const dockerfile = readFileSync(join(project.folder, "Dockerfile"), "utf8");
  const [, building = ""] = /^RUN npx slipway (.+)$/m.exec(dockerfile) ?? [];
  const built = await project.run(building.replace("/release", "image").split(" "));
  expect(built).toMatchObject({ code: 0 });

  const wait = commandIn("deployment.yaml", true);
  expect((await run([...wait.slice(0, -1), "1"])).code).toBe(3);
  expect(await run(commandIn("migrate.yaml"))).toMatchObject({ code: 0 });
  expect(await run(wait)).toMatchObject({ code: 0 });
  expect(await answerOf(commandIn("deployment.yaml"))).toBe("served");
  const status = async () => (await run(["/app/bin/my_app", "status", "--data"])).output;
  expect(await status()).toMatch(
    /up +20260101000000[\s\S]+down +20260102000000[\s\S]+down +20260103000000/,
  );
  expect(await run(commandIn("after/migrate-after.yaml"))).toMatchObject({ code: 0 });

  await query("insert into posts (id) select generate_series(1, 2000)");
  const worker = commandIn("by-hand/backfill-20260104000000.yaml");
  const workers = await Promise.all([run(worker), run(worker)]);
  expect(workers.map(({ code, output }) => (code === 0 ? 0 : output))).toEqual([0, 0]);
  expect(await query("select visits, count(*)::int from posts group by 1")).toEqual([
    { visits: 1, count: 2000 },
  ]);
  expect(await run(commandIn("by-hand/migrate-data.yaml"))).toMatchObject({ code: 0 });
  expect(await status()).not.toContain("down ");
  const again = await run(commandIn("migrate.yaml"));
  expect([again.code, again.output]).toEqual([0, "repo main: Migrations already up\n"]);
}, 240_000);

it("each step of the workflow passes on an empty database", async () => {
  const empty = await freshDatabase();
  commitAll(project.folder);
  try {
    const { stdout } = await project.run(["gen", "github", "--stdout"]);
    const { runs } = await readWorkflow(stdout);
    const steps = runs.filter((step) => step.startsWith("npx slipway "));
    expect(steps.length).toBe(5);
    for (const step of steps) {
      const words = step.replace('"$BASE"', "HEAD").replace('"$GITHUB_STEP_SUMMARY"', "summary.md");
      const args = [
        ...words.split(" ").slice(2),
        ...(/ release$/.test(step) ? ["--overwrite"] : []),
      ];
      const ran = await project.run(args, { env: { DATABASE_URL: empty.url } });
      expect([step, ran.code, ran.stderr]).toEqual([step, 0, expect.any(String)]);
    }
  } finally {
    await empty.drop();
  }
}, 240_000);

const query = (sql: string) => ask(database.url, sql);

/** Starts the app as the image would, asks it once, and ends it by the signal that a platform sends. */
async function answerOf([command = "", ...args]: readonly string[]): Promise<string> {
  const port = await freePort();
  const child = spawn(command.replace(/^\/app\//, join(project.folder, "image/")), args, {
    cwd: "/",
    env: { DATABASE_URL: database.url, PATH: dirname(process.execPath), PORT: String(port) },
    stdio: ["ignore", "inherit", "inherit"],
  });
  const ended = new Promise<void>((done) => child.on("close", () => done()));
  try {
    for (;;) {
      const answer = await fetch(`http://127.0.0.1:${port}`).catch(() => undefined);
      if (answer !== undefined) return await answer.text();
      if (child.exitCode !== null) throw new Error(`the app ended with ${child.exitCode}`);
      await new Promise((next) => setTimeout(next, 50));
    }
  } finally {
    child.kill("SIGTERM");
    await ended;
  }
}
