/** Packages in CommonJS that a migration, or an app, imports when it needs them: by name, as where nothing is bundled. */
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { buildProject, folderOf, ran, writeProject } from "./support.ts";

const folder = folderOf("common-js");
let root = "";

const said = `const { word, late } = await import("old-package");
const whole = await import("old-package");
const { default: called, size } = await import("old-function");
const { default: { nothing } } = await import("old-function");
const text = [word, late, Object.keys(whole).includes("word"), whole.default.word, called(2), size, nothing].join(" ");`;
const wanted = "word late true word 4 7 ";

beforeAll(async () => {
  const project = writeProject(folder.path, {
    "node_modules/old-package/package.json": `{ "name": "old-package", "version": "1.0.0" }`,
    "node_modules/old-package/index.js": `Object.defineProperty(exports, "__esModule", { value: true });
exports.word = "word";
Object.defineProperty(exports, "late", { get: () => "late" });
Object.defineProperty(exports, "broken", { enumerable: true, get() { throw new Error("nobody asked for it"); } });
`,
    "node_modules/old-function/package.json": `{ "name": "old-function", "version": "1.0.0" }`,
    "node_modules/old-function/index.js":
      "module.exports = (n) => n * 2;\nmodule.exports.size = 7;\n",
    "release.ts": `import { defineRelease, env } from "slipway";
import { sqlite } from "slipway/sqlite";

export const Release = defineRelease({
  app: "my_app",
  repos: { main: { adapter: sqlite({ path: () => env("DATABASE") }) } },
});
`,
    "db/main/migrations/2_imports.ts": `import { defineMigration } from "slipway";

export default defineMigration({
  change(m) {
    m.run(async () => {
      ${said}
      console.log("migration:", text);
    }, { down: async () => {} });
  },
});
`,
    "src/server.ts": `${said}\nconsole.log("app:", text);\n`,
  });
  root = await buildProject(project, "--app", "src/server.ts", "--quiet");
});
afterAll(() => folder.remove());

it.each([
  ["migration", "migrate"],
  ["app", "start"],
])("a %s gets the names of a package in CommonJS", async (who, command) => {
  const env = { SLIPWAY_NODE: process.execPath, DATABASE: join(folder.path, "one.db") };
  const { code, stdout, stderr } = await ran(join(root, "bin/my_app"), [command], { env });
  expect({ code, stdout }, stderr).toEqual({ code: 0, stdout: `${who}: ${wanted}\n` });
});
