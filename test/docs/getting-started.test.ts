/** docs/getting-started.md from its first command to its last, in an empty project. */
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, expect, it } from "vitest";
import { folderOf } from "../built/support.ts";

const root = resolve(import.meta.dirname, "../..");
const page = readFileSync(join(root, "docs/getting-started.md"), "utf8");
const folder = folderOf("getting-started");
const project = join(folder.path, "blog");
const migrations = join(project, "db/main/migrations");
afterAll(() => folder.remove());

mkdirSync(join(project, "node_modules/@electric-sql"), { recursive: true });
for (const [name, path] of [
  ["slipway", root],
  ["esbuild", join(root, "node_modules/esbuild")],
  ["libpg-query", join(root, "node_modules/libpg-query")],
  ["@electric-sql/pglite", join(root, "node_modules/@electric-sql/pglite")],
] as const)
  symlinkSync(path, join(project, "node_modules", name), "junction");
// What `npm init -y` writes, and npm install beside it.
const manifest = {
  ...{ name: "blog", version: "1.0.0", type: "commonjs" },
  dependencies: { "@electric-sql/pglite": "*", slipway: "*" },
};
writeFileSync(join(project, "package.json"), JSON.stringify(manifest, undefined, 2));

type Part =
  | { readonly kind: "file"; readonly name: string; readonly text: string }
  | { readonly kind: "command"; readonly command: string; readonly printed: string };

/** Files to write and commands to run, in the order of the page. */
const parts = [
  ...page.matchAll(/^<!-- file: (\w+) -->\n\n```ts\n([\s\S]*?)^```|^```console\n([\s\S]*?)^```/gm),
].flatMap(([, name = "", text = "", block]): readonly Part[] => {
  if (block === undefined) return [{ kind: "file", name, text }];
  return block
    .split(/^\$ /m)
    .slice(1)
    .map((one) => {
      const [command = "", ...printed] = one.split("\n");
      return { kind: "command", command, printed: printed.join("\n") };
    });
});

/** The moment that `gen migration` gave a name to, for the one that stands in the page. */
const moments = new Map<string, string>();

function fileOf(name: string): string | undefined {
  return readdirSync(migrations).find((file) => file.endsWith(`_${name}.mts`));
}

function inWordsOfPage(text: string): string {
  const named = [...moments].reduce((all, [real, shown]) => all.replaceAll(real, shown), text);
  return named.replace(/ in \d+\.\ds$/gm, " in 0.0s").trim();
}

function run(command: string): string {
  const [program = "", ...words] = command
    .split(" ")
    .map((word) => [...moments].reduce((all, [real, shown]) => all.replace(shown, real), word));
  const [file, args] =
    program === "npx"
      ? [process.execPath, [join(root, "dist/cli/bin.js"), ...words.slice(1)]]
      : [join(project, program), words];
  const { PATH, HOME } = process.env;
  // One pipe for both, so that the lines come in the order that a terminal shows.
  const { stdout } = spawnSync("sh", ["-c", 'exec "$0" "$@" 2>&1', file, ...args], {
    ...{ cwd: project, env: { PATH, HOME } },
    encoding: "utf8",
  });
  return stdout;
}

/** `…` on a line by itself stands for any lines, elsewhere for a part of one. */
function patternOf(printed: string): RegExp {
  const escaped = printed.trim().replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${escaped.replace(/^…$/gm, "[\\s\\S]*?").replaceAll("…", ".*?")}$`);
}

it("has all of its steps", () => {
  expect(parts.filter(({ kind }) => kind === "file")).toHaveLength(3);
  expect(parts.filter(({ kind }) => kind === "command").length).toBeGreaterThan(11);
});

it("prints what stands there", () => {
  for (const part of parts) {
    if (part.kind === "file") {
      writeFileSync(join(migrations, fileOf(part.name) ?? part.name), part.text);
      continue;
    }
    const said = run(part.command);
    const [, made] = /gen migration (\w+)/.exec(part.command) ?? [];
    const [, shown] = /(\d{14})_/.exec(part.printed) ?? [];
    if (made !== undefined && shown !== undefined)
      moments.set(fileOf(made)?.slice(0, 14) ?? "", shown);
    expect(inWordsOfPage(said), part.command).toMatch(patternOf(part.printed));
  }
});
