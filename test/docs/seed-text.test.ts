/** docs/ecto.md walks the text that Slipway answers: every file of the walk is written, and every line of it run. */
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { folderOf, writeProject } from "../built/support.ts";
import { type FreshDatabase, freshDatabase } from "../support/postgres.ts";

const root = resolve(import.meta.dirname, "../..");
const page = readFileSync(join(root, "docs/ecto.md"), "utf8");
const [, walk = ""] = page.split(/^## (?=The text, block by block)/m);
const files = Object.fromEntries(
  [...walk.matchAll(/^<!-- file: (\S+) -->\n\n```ts\n([\s\S]*?)^```/gm)].map(
    ([, path = "", text = ""]) => [path, text],
  ),
);
const commands = [...walk.matchAll(/^```console\n([\s\S]*?)^```/gm)].flatMap(([, block = ""]) =>
  block
    .split(/^\$ /m)
    .slice(1)
    .map((text) => {
      const [command = "", ...lines] = text.split("\n");
      return { command, output: lines.join("\n") };
    }),
);
const lane = "db/main/data_migrations";
const folder = folderOf("seed-text");
let project = "";
let database: FreshDatabase;

beforeAll(async () => {
  database = await freshDatabase();
  project = writeProject(
    folder.path,
    Object.fromEntries(Object.entries(files).filter(([path]) => !path.startsWith(lane))),
  );
  spawnSync("rm", [join(project, "db/main/migrations/1_users.ts")]);
});
afterAll(async () => {
  folder.remove();
  await database.drop();
});

it("has files and commands", () => {
  expect(Object.keys(files)).toHaveLength(4);
  expect(commands.length).toBeGreaterThan(12);
});

it.each(commands)("$command", ({ command, output }) => {
  if (command === "npx slipway release") fillIn();
  const { out } = run(command);
  expect(out.replace(/ in \d+\.\ds$/gm, " in 0.0s")).toMatch(patternOf(output));
});

it("the block of the status is the text's own, but for the name of the repo and Ecto's line", () => {
  const seed = [
    "  Status    Migration ID    Migration Name",
    "  up        20210718153339  add_test_table1",
    "  down      20210718153341  add_test_table2",
  ];
  const { out } = run("bin/my_app status");
  expect(out.split("\n").filter((line) => line.startsWith("  "))).toEqual(seed);
});

const twins: readonly (readonly [string, string])[] = [
  ['Release.rollback("main", 20210709121212)', "rollback main 20210709121212"],
  ['Release.migrate({ repo: "nowhere" })', "migrate --repo nowhere"],
  ["Release.migrate({ to: 99 })", "migrate --to 99"],
  ["Release.migrationStatus()", "status"],
];

it.each(twins)("eval '%s' ends as %s does", (expression, command) => {
  const typed = run(`bin/my_app eval '${expression}'`);
  const times = (text: string) => text.replace(/ in \d+\.\ds$/gm, "");
  const asked = run(`bin/my_app ${command}`);
  expect({ ...typed, out: times(typed.out) }).toEqual({ ...asked, out: times(asked.out) });
});

it("an unsafe migration is refused with exit code 4 by both", () => {
  const name = "db/main/migrations/20210719000000_index.ts";
  const text = `import { defineMigration } from "slipway";
export default defineMigration({ change(m) { m.createIndex("test_table1", ["inserted_at"]); } });
`;
  writeFileSync(join(project, name), text);
  run("npx slipway release");
  run(`bin/my_app eval 'Release.migrate({ to: 20210718153341 })'`);
  const asked = run("bin/my_app migrate --strict");
  expect(asked).toMatchObject({ code: 4, out: expect.stringMatching(/^error: .*\nhint: /m) });
  expect(run("bin/my_app eval 'Release.migrate({ strict: true })'")).toEqual(asked);
});

/** What the generator made is filled in, and has the version that the walk shows. */
function fillIn(): void {
  rmSync(join(project, lane), { recursive: true, force: true });
  mkdirSync(join(project, lane));
  for (const [path, text] of Object.entries(files))
    if (path.startsWith(lane)) writeFileSync(join(project, path), text);
}

function run(command: string): { readonly code: number | null; readonly out: string } {
  const isHere = !command.startsWith("bin/");
  const cli = `"${process.execPath}" "${join(root, "dist/cli/bin.js")}"`;
  const text = command.replace("npx slipway", cli);
  const more = text.endsWith(" release") ? " --overwrite" : "";
  const { stdout, status } = spawnSync("/bin/sh", ["-c", `(${text}${more}) 2>&1`], {
    cwd: isHere ? project : join(project, "_release/my_app"),
    encoding: "utf8",
    env: { PATH: process.env.PATH, DATABASE_URL: database.url, SLIPWAY_NODE: process.execPath },
  });
  return { code: status, out: stdout };
}

/** The text, with anything in place of `…`: what depends on the machine, or is too long to be shown. */
function patternOf(text: string): RegExp {
  const parts = text.split("…").map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"));
  return new RegExp(`^${parts.join("[^]*?")}$`);
}
