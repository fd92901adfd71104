/** The commands of docs/deploy.md, run in order on examples/blog: each output must be the one of the page. */
import { execFile } from "node:child_process";
import { cpSync, readFileSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, expect, it } from "vitest";

const root = resolve(import.meta.dirname, "../..");
// Inside of the package, where the example finds `slipway`.
const blog = join(root, "test/.tmp/deploy-page");
rmSync(blog, { recursive: true, force: true });
cpSync(join(root, "examples/blog"), blog, {
  recursive: true,
  filter: (path) => !path.includes("node_modules") && !path.endsWith(".data"),
});

afterAll(() => rmSync(blog, { recursive: true, force: true }));

/** A command and what it prints; `…` stands for any lines. */
type Shown = { readonly command: string; readonly output: string };

function shownIn(page: string): readonly Shown[] {
  const text = readFileSync(join(root, page), "utf8");
  const blocks = [...text.matchAll(/^```console\n([\s\S]*?)^```/gm)].map(([, block = ""]) => block);
  return blocks.flatMap((block) =>
    block
      .split(/^\$ npx slipway /m)
      .filter((part) => part !== "")
      .map((part) => {
        const [command = "", ...lines] = part.split("\n");
        return { command, output: lines.join("\n") };
      }),
  );
}

function run(command: string): Promise<string> {
  const bin = join(root, "dist/cli/bin.js");
  const { PATH = "", HOME = "" } = process.env;
  return new Promise((done) => {
    execFile(
      process.execPath,
      [bin, ...command.split(" ")],
      { cwd: blog, env: { PATH, HOME, SLIPWAY_RELEASE: "embedded.ts" } },
      (_, stdout, stderr) => done(stdout + stderr),
    );
  });
}

function pattern(output: string): RegExp {
  const escaped = output
    .replace(/[.*+?^${}()|[\]\\]/g, "\\$&")
    .replace(/not ready after \d+ s/g, "not ready after \\d+ s");
  return new RegExp(`^${escaped.replace(/^…\n/gm, "[\\s\\S]*")}$`);
}

it("answers the three questions for the blog, as docs/deploy.md shows", async () => {
  const shown = shownIn("docs/deploy.md");
  expect(shown.length).toBe(6);
  await run("create");
  for (const { command, output } of shown) {
    expect(`${command}\n${await run(command)}`).toMatch(pattern(`${command}\n${output}`));
  }
}, 180_000);
