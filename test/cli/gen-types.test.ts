import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { makeProject, type Project } from "./project.ts";

let project: Project;
afterEach(() => project.remove());

const adapters = { sqlite: 'sqlite({ path: "data.db" })', pglite: 'pglite({ dataDir: "data" })' };

const releaseOn = (kind: keyof typeof adapters) => `import { defineRelease } from "slipway";
import { ${kind} } from "slipway/${kind}";
export const Release = defineRelease({ app: "blog", repos: { main: { adapter: ${adapters[kind]} } } });
`;
const posts =
  "create table posts (id integer primary key, post_title text not null, at timestamp);\n";

describe.each(["sqlite", "pglite"] as const)("on %s", (kind) => {
  it("writes the tables of the user, the same for the same tables, and tells when they are others", async () => {
    project = makeProject({
      "release.ts": releaseOn(kind),
      "db/main/migrations/1_posts.sql": posts,
    });
    expect(await project.run(["migrate"])).toMatchObject({ code: 0 });
    const missing = await project.run(["gen", "types", "--check"]);
    expect([missing.code, missing.stderr]).toEqual([
      3,
      "error: repo main: there is no db/main/types.ts\nhint: Write it with: slipway gen types\n",
    ]);
    const made = await project.run(["gen", "types"]);
    expect([made.code, made.stdout, made.stderr]).toEqual([
      0,
      "main: db/main/types.ts written\n",
      "",
    ]);
    const text = readFileSync(join(project.folder, "db/main/types.ts"), "utf8");
    expect(text).toContain("export interface DB {\n  posts: Posts;\n}\n");
    expect(text).toMatch(
      /export interface Posts \{\n {2}at: .* \| null;\n {2}id: .*;\n {2}post_title: string;\n\}/,
    );
    expect(text).not.toMatch(/slipway_|schema_migrations/i);
    expect((await project.run(["gen", "types"])).stdout).toBe(
      "main: db/main/types.ts is as it was\n",
    );
    expect(await project.run(["gen", "types", "--check"])).toMatchObject({ code: 0 });

    project.write("db/main/migrations/2_more.sql", "create table more (n integer);\n");
    expect(await project.run(["migrate"])).toMatchObject({ code: 0 });
    const stale = await project.run(["gen", "types", "--check"]);
    expect([stale.code, stale.stderr]).toEqual([
      3,
      expect.stringContaining("is not what the database has"),
    ]);
    const camel = await project.run(["gen", "types", "--camel-case", "--out", "src/db.ts"]);
    expect(camel.code, camel.stderr).toBe(0);
    const named = readFileSync(join(project.folder, "src/db.ts"), "utf8");
    expect(named).toContain("  postTitle: string;\n");
    expect(named).toContain("export interface More {\n");
  });

  it("names that differ in case alone are two, and with --camel-case one, which is refused", async () => {
    const two = kind === "pglite" ? 'create table "Posts" (n integer);\n' : "";
    project = makeProject({
      "release.ts": releaseOn(kind),
      "db/main/migrations/1_posts.sql": `${posts}${two}create table user_posts (n integer); create table "userPosts" (m integer);\n`,
    });
    expect(await project.run(["migrate"])).toMatchObject({ code: 0 });
    const made = await project.run(["gen", "types"]);
    expect(made.code, made.stderr).toBe(0);
    const text = readFileSync(join(project.folder, "db/main/types.ts"), "utf8");
    const names = [...text.slice(text.indexOf("interface DB")).matchAll(/^ {2}(\w+):/gm)].map(
      ([, name]) => name,
    );
    expect(names.toSorted()).toEqual(
      [...(two === "" ? [] : ["Posts"]), "posts", "userPosts", "user_posts"].toSorted(),
    );
    const camel = await project.run(["gen", "types", "--camel-case", "--out", "camel.ts"]);
    expect(camel.code).toBe(2);
    expect(camel.stderr).toMatch(
      /^error: the tables (user_posts and userPosts|userPosts and user_posts) have one name/,
    );
    expect(project.has("camel.ts")).toBe(false);
  });
});
