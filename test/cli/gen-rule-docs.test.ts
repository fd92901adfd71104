/** `gen rule-docs` as a process: the pages of the rules in a project of one's own. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { makeProject, type Project } from "./project.ts";

let project: Project;
afterEach(() => project.remove());

const ours = join(import.meta.dirname, "../../docs/rules");
const pagesIn = (folder: string) =>
  readdirSync(folder)
    .sort()
    .map((file) => [file, readFileSync(join(folder, file), "utf8")]);

it("writes the pages of docs/rules, lists them, and leaves what a person wrote", async () => {
  project = makeProject({ "package.json": '{ "type": "module" }' });
  const first = await project.run(["gen", "rule-docs", "--json"]);
  expect(first).toMatchObject({ code: 0, stderr: "" });
  const pages = pagesIn(ours);
  expect(pagesIn(join(project.folder, "docs/rules"))).toEqual(pages);
  const listed: readonly { readonly path: string }[] = JSON.parse(first.stdout).files;
  expect(listed.map(({ path }) => path).sort()).toEqual(
    pages.map(([file]) => `docs/rules/${file}`).sort(),
  );

  const out = await project.run(["gen", "rule-docs", "--out", "wiki"]);
  expect(out.stdout).toContain("* creating wiki/drop-column.md\n");
  project.write("wiki/README.md", "mine\n");
  const again = await project.run(["gen", "rule-docs", "--out", "wiki"]);
  expect(again.code).toBe(2);
  expect(again.stderr).toContain("error: wiki/README.md exists already\n");
}, 120_000);
