/** What a migration imports is read as strictly as the migration itself, by Node and by the bundler. */
import { symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterEach, expect, it } from "vitest";
import { makeProject, type Project, sqliteRelease } from "./project.ts";

let project: Project;
afterEach(() => project.remove());

const m = "db/main/migrations";
const importing =
  'import { word } from "./help.mjs";\nexport function up(m) { m.execute(word); }\nexport function down() {}\n';
const typed = importing.replace("help.mjs", "word").replace("(m)", "(m: any)");
const helper = 'export const word = "sél";\n';
const passing = 'export { word } from "./far.mjs";\n';
const json = 'import words from "./words.json";\nexport const word = Object.keys(words)[0];\n';

/** The last of the files is in Latin-1. */
const cases: readonly (readonly [string, { readonly [file: string]: string }])[] = [
  [`${m}/help.mjs:1:23`, { [`${m}/1_a.mjs`]: importing, [`${m}/help.mjs`]: helper }],
  [
    `${m}/far.mjs:1:23`,
    { [`${m}/1_a.mjs`]: importing, [`${m}/help.mjs`]: passing, [`${m}/far.mjs`]: helper },
  ],
  [`${m}/word.ts:2:23`, { [`${m}/1_a.ts`]: typed, [`${m}/word.ts`]: `enum A { a }\n${helper}` }],
  [
    `${m}/words.json:1:4`,
    { [`${m}/1_a.ts`]: typed, [`${m}/word.ts`]: json, [`${m}/words.json`]: '{ "é": 1 }' },
  ],
  [
    "word.mjs:1:23",
    { "release.mjs": `import "./word.mjs";\n${sqliteRelease}`, "word.mjs": helper },
  ],
];

it.each(cases)("%s is refused with its place", async (place, files) => {
  project = makeProject({ "release.mjs": sqliteRelease, ...files });
  const [last = ""] = Object.keys(files).slice(-1);
  writeFileSync(join(project.folder, last), files[last] ?? "", "latin1");
  const esbuild = resolve(import.meta.dirname, "../../node_modules/esbuild");
  symlinkSync(esbuild, join(project.folder, "node_modules/esbuild"));
  const { code, stderr } = await project.run(["plan"]);
  expect(stderr).toContain(`error: file ${place} is not UTF-8: the byte 0xe9`);
  expect(code).toBe(2);
});
