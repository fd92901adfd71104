/** Texts that are not ASCII, in a release: each character is the one that was written. */
import { isAscii } from "node:buffer";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, expect, it } from "vitest";
import { buildProject, folderOf, ran, writeProject } from "./support.ts";

const folder = folderOf("characters");
afterAll(() => folder.remove());

let root = "";

it("keeps them in strings and in patterns of migrations, in TypeScript and in SQL", async () => {
  const database = join(folder.path, "shop.db");
  const project = writeProject(folder.path, {
    "release.ts": `import { defineRelease } from "slipway";
import { sqlite } from "slipway/sqlite";
export const Release = defineRelease({ app: "my_app", repos: { main: { adapter: sqlite({ path: ${JSON.stringify(database)} }), migrations: "migrations" } } });
`,
    "migrations/1_places.ts": `import { defineMigration } from "slipway";
export default defineMigration({
  up(m) {
    m.execute("create table places (name text)");
    m.execute(\`insert into places values ('\${"Zürich 😀".replace(/[’ü]/, "ue")}'), ('Zürich 😀')\`);
  },
  down: (m) => m.execute("drop table places"),
});
`,
    "migrations/2_more.sql": "insert into places values ('Łódź');",
  });
  root = await buildProject(project, "--quiet");
  const env = { SLIPWAY_NODE: process.execPath, RELEASE_TMP: join(folder.path, "tmp") };
  expect(await ran(join(root, "bin/my_app"), ["migrate", "--quiet"], { env })).toMatchObject({
    code: 0,
    stderr: "",
  });
  const db = new DatabaseSync(database);
  expect(
    db
      .prepare("select name from places")
      .all()
      .map(({ name }) => name),
  ).toEqual(["Zuerich 😀", "Zürich 😀", "Łódź"]);
  db.close();
});

it("has none in the release's own code, which V8 reads faster then", () => {
  const scripts = readdirSync(join(root, "lib")).filter((name) =>
    /^(?!migrations).*cjs$/.test(name),
  );
  expect(scripts).toEqual(expect.arrayContaining(["main.cjs", "later.cjs"]));
  for (const name of scripts)
    expect(isAscii(readFileSync(join(root, "lib", name))), name).toBe(true);
});
