/** The commands of docs/diff.md are run, and print what stands there. */
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { makeProject, postgresRelease } from "../cli/project.ts";

const page = readFileSync(new URL("../../docs/diff.md", import.meta.url), "utf8");
const folder = "db/main/migrations";
const project = makeProject({
  "release.ts": postgresRelease,
  [`${folder}/20260101000000_first.ts`]: `import { defineMigration } from "slipway";

export default defineMigration({
  change(m) {
    m.createTable("posts", (t) => {
      t.column("id", "bigserial", { primaryKey: true });
      t.column("title", "text");
      t.column("mood", "varchar(20)");
    });
  },
});
`,
});
afterAll(() => project.remove());

/** When a file was written is another moment each time. */
const timeless = (text: string) => text.replace(/\d{14}/g, "20261129112145");

/** The block of a heading, as commands and what each printed. */
function consoleOf(heading: string) {
  const section = page.slice(page.indexOf(`# ${heading}\n`));
  const [, block = ""] = /^```console\n([\s\S]*?)^```/m.exec(section) ?? [];
  return block
    .split(/^\$ /m)
    .slice(1)
    .map((part) => {
      const [command = "", ...printed] = part.split("\n");
      return { command, printed: printed.join("\n") };
    });
}

function written(name: string): string {
  const file = readdirSync(join(project.folder, folder)).find((one) => one.endsWith(`_${name}.ts`));
  return readFileSync(join(project.folder, folder, file ?? name), "utf8");
}

/** What `rm` of the page does, which no shell of a test runs. */
function forget(name: string): void {
  for (const file of readdirSync(join(project.folder, folder)))
    if (file.includes(name)) rmSync(join(project.folder, folder, file));
}

const posts = (columns: string) =>
  `create table posts (id bigserial primary key, ${columns}mood varchar(20));`;

describe("docs/diff.md", () => {
  it.each([
    [
      "A migration from the schema that you wish",
      `create table authors (id bigserial primary key, email text not null);
create table posts (
  id bigserial primary key, title text, author bigint references authors,
  token uuid default gen_random_uuid() not null
);
create index posts_author on posts (author);`,
      [0],
    ],
    ["Renames", posts("heading text, "), [0, 0]],
    ["In CI", posts("title text, slug text, "), [3]],
  ])("%s", async (heading, schema, codes) => {
    project.write("schema.sql", schema);
    const ended: (number | null)[] = [];
    for (const { command, printed } of consoleOf(heading)) {
      const [program, ...words] = command.split(" ");
      if (program === "rm") {
        forget("_heading");
        continue;
      }
      expect(words.shift()).toBe("slipway");
      const ran = await project.run(words, { env: { DATABASE_URL: "postgres://localhost/none" } });
      const [ok, ...told] = ran.code === 0 ? [ran.stdout, ran.stderr] : [ran.stderr, ran.stdout];
      expect(timeless(told.join("") + ok)).toBe(timeless(printed));
      ended.push(ran.code);
    }
    expect(ended).toEqual(codes);
    if (heading === "A migration from the schema that you wish") {
      const [, shown = ""] = /^```ts\n([\s\S]*?)^```/m.exec(page) ?? [];
      expect(written("add_authors")).toBe(shown);
    }
    forget("_heading");
    forget("_add_authors");
  });

  it("a type that writes the table anew is told with its size, and the way beside running code", async () => {
    project.write("schema.sql", posts("title date, "));
    const ran = await project.run(["gen", "migration", "typed", "--diff", "--to", "schema.sql"], {
      env: { DATABASE_URL: "postgres://localhost/none" },
    });
    const words = `beside running code: m.changeTypeSafely("posts", "title", "date", { was: "text" }); how large the table is: SELECT pg_size_pretty(pg_table_size('posts'))\n`;
    expect(ran).toMatchObject({ code: 0, stderr: expect.stringContaining(words) });
    expect(written("typed")).toContain('"change-column-type": ');
    const checked = await project.run(["check", "--all"], { env: {} });
    expect(checked).toMatchObject({ code: 0 });
  });
});
