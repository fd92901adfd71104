/** docs/release.md says what a release really prints. */
import { spawnSync } from "node:child_process";
import { cpSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type FreshDatabase, freshDatabase } from "../support/postgres.ts";
import { buildProject, folderOf, writeProject } from "./support.ts";

const root = resolve(import.meta.dirname, "../..");
const page = readFileSync(join(root, "docs/release.md"), "utf8");
const blocks = [...page.matchAll(/^```console\n([\s\S]*?)^```/gm)].map(([, text = ""]) => text);
const commands = blocks.flatMap((block) =>
  block
    .split(/^\$ /m)
    .slice(1)
    .map((text) => {
      const [command = "", ...lines] = text.split("\n");
      return { command, output: lines.join("\n") };
    }),
);
const folder = folderOf("docs");
let project = "";
let built = "";
let database: FreshDatabase;

beforeAll(async () => {
  database = await freshDatabase();
  const entry = [...page.matchAll(/^```ts\n([\s\S]*?)^```/gm)][0]![1]!;
  project = writeProject(folder.path, {
    "package.json": `{ "name": "my_app", "version": "1.0.0", "type": "module" }`,
    "src/server.ts": entry,
  });
  cpSync(join(root, "examples/blog/db"), join(project, "db"), { recursive: true });
  spawnSync("rm", [join(project, "db/main/migrations/1_users.ts")]);
  built = await buildProject(project, "--app", "src/server.ts");
});
afterAll(async () => {
  folder.remove();
  await database.drop();
});

it("has console blocks to run", () => {
  expect(commands.length).toBeGreaterThan(12);
});

it.each(commands)("$command", ({ command, output }) => {
  const isBuild = command.startsWith("npx slipway ");
  const cli = join(root, "dist/cli/bin.js");
  const { stdout } = spawnSync(
    "/bin/sh",
    [
      "-c",
      `(${command.replace("npx slipway", `"${process.execPath}" "${cli}"`)}${isBuild ? " --overwrite" : ""}) 2>&1`,
    ],
    {
      cwd: isBuild ? project : built,
      encoding: "utf8",
      env: { PATH: process.env.PATH, DATABASE_URL: database.url, SLIPWAY_NODE: process.execPath },
    },
  );
  expect(stdout.replace(/ in \d+\.\ds$/gm, " in 0.0s")).toMatch(patternOf(output));
});

/** The text, with anything in place of `…`: what depends on the machine, or is too long to be shown. */
function patternOf(text: string): RegExp {
  const parts = text.split("…").map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"));
  return new RegExp(`^${parts.join("[^]*?")}$`);
}
