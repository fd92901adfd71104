/** docs/getting-started.md from its first command to its last, in an empty project. */
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { folderOf } from "../built/support.ts";
import { projectWith, walkPage } from "./walk.ts";

const folder = folderOf("getting-started");
const project = join(folder.path, "blog");
afterAll(() => folder.remove());

it("prints what stands there", async () => {
  // As `npm init -y` writes it, and npm install beside it.
  const manifest = {
    ...{ name: "blog", version: "1.0.0", type: "commonjs" },
    dependencies: { "@electric-sql/pglite": "*", slipway: "*" },
  };
  projectWith(project, ["esbuild", "libpg-query", "@electric-sql/pglite"], {
    "package.json": JSON.stringify(manifest, undefined, 2),
  });
  const parts = await walkPage({ page: "docs/getting-started.md", project });
  expect(parts.filter(({ kind }) => kind === "file")).toHaveLength(3);
  expect(parts.filter(({ kind }) => kind === "command").length).toBeGreaterThan(11);
}, 300_000);
