/** The import map of migrations: what folders hold, as a module that needs no folder. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { carry } from "../../src/build/carry.ts";
import { manifestText } from "../../src/build/manifest-text.ts";
import { sameManifest } from "../../src/build/same-manifest.ts";
import { folders } from "../../src/engine/discovery/folders.ts";
import { migrationMap } from "../../src/engine/discovery/map.ts";
import type { Source } from "../../src/engine/discovery/source.ts";
import { refusal, tree } from "../engine/migration-tree.ts";

type Files = { readonly [path: string]: string };

async function textOf(root: string, options: { readonly typed: boolean }): Promise<string> {
  const { repos } = await carry(
    [
      {
        name: "main",
        syntax: "postgres",
        migrations: [join(root, "m")],
        dataMigrations: [join(root, "d")],
      },
    ],
    root,
  );
  return manifestText(repos, { ...options, specifier: (path) => path.replace(`${root}/`, "./") });
}

const executing = (path: string) =>
  `export const change = (m) => m.executeFile(${JSON.stringify(path)}, { down: "sql/undo.sql" });`;

describe("the manifest", () => {
  it("imports modules when they are run, and carries SQL as its text", async () => {
    const root = tree({
      "m/20210702012346_create_users.ts": executing("sql/do.sql"),
      "m/20210702012347_say.sql": "-- migrate:up\nselect 'it''s \"x\"';\n",
      "m/20210702012348_both.up.sql": "select 1",
      "m/20210702012348_both.down.sql": "select 2",
      "m/sql/do.sql": "select 3",
      "m/sql/undo.sql": "select 4",
    });
    expect(await textOf(root, { typed: true })).toBe(`import type { Manifest } from "slipway";

export const manifest = {
  "main": {
    migrations: [
      {
        id: "20210702012346_create_users",
        version: "20210702012346",
        name: "create_users",
        origin: "m/20210702012346_create_users.ts",
        checksum: "ts:de6351fd6c9a70ef5316b49db3416dc5",
        load: () => import("./m/20210702012346_create_users.ts"),
        files: { "sql/do.sql": "select 3", "sql/undo.sql": "select 4" },
      },
      {
        id: "20210702012347_say",
        version: "20210702012347",
        name: "say",
        origin: "m/20210702012347_say.sql",
        checksum: "sql:708ffca7d8891dec7289874aacc53634",
        load: "-- migrate:up\\nselect 'it''s \\"x\\"';\\n",
      },
      {
        id: "20210702012348_both",
        version: "20210702012348",
        name: "both",
        origin: "m/20210702012348_both.up.sql",
        checksum: "sql:9b7601d481b3f208fedd1556590ec381",
        load: { "up": "select 1", "down": "select 2" },
      },
    ],
    dataMigrations: [],
  },
} satisfies Manifest;
`);
  });

  it("gives what the folders give: the same names, in the same order, with the same content", async () => {
    const root = tree({
      "m/20210702012346_create_users.mjs": executing("sql/do.sql"),
      "m/1_first.sql": "-- migrate:up transaction:false\nselect 1\n-- migrate:down\nselect 2\n",
      "m/2_pair.up.sql": "select 'up'",
      "m/2_pair.down.sql": "select 'down'",
      "m/2026-07-30-140000-0000_diesel/up.sql": "select 5",
      "m/2026-07-30-140000-0000_diesel/down.sql": "select 6",
      "m/2026-07-30-140000-0000_diesel/metadata.toml": "run_in_transaction = false",
      "m/20250625_prisma/migration.sql": "-- migrate:up\nselect 7\n-- migrate:down\n",
      "m/below/V3__flyway.sql": "-- migrate:up\nselect 8\n-- migrate:down\n",
      "m/sql/do.sql": "select 3",
      "m/sql/undo.sql": "select 4",
      "d/20210702012349_fill.mjs":
        "export const up = (m) => m.run(() => {}); export const down = () => {};",
    });
    const file = join(root, "manifest.mjs");
    writeFileSync(file, await textOf(root, { typed: false }));
    const { manifest } = await import(pathToFileURL(file).href);
    for (const [folder, map] of [
      ["m", manifest.main.migrations],
      ["d", manifest.main.dataMigrations],
    ]) {
      const carried = await contentOf(migrationMap(map));
      expect(carried).toEqual(await contentOf(folders(folder, { repo: "main", root })));
      expect(carried.length).toBeGreaterThan(0);
    }
  });

  it("refuses a migration that names a file which is not there", async () => {
    const root = tree({ "m/1_a.mjs": executing("sql/do.sql") });
    expect(await refusal(textOf(root, { typed: true }))).toEqual({
      code: "operation_invalid",
      message: "m/1_a.mjs: executeFile finds no sql/do.sql, sql/undo.sql",
    });
  });
});

async function contentOf(source: Source): Promise<readonly unknown[]> {
  const { files } = await source.list();
  return Promise.all(
    files.map(async (file) => {
      const { definition, readFile } = await source.load(file, "postgres");
      const told: unknown[] = [];
      const m = {
        execute: (sql: string) => told.push(sql.trim()),
        executeFile: (path: string, { down }: { down: string }) =>
          told.push(readFile?.(path), readFile?.(down)),
        run: () => told.push("run"),
      } as never;
      for (const body of [definition.change, definition.up, definition.down]) body?.(m);
      const { transaction } = definition;
      return { file, checksum: await source.checksum(file), transaction, told };
    }),
  );
}

describe("two texts are the same manifest", () => {
  const text = `export const manifest = {
  "main": { migrations: [{ id: "1_a", load: "select 'x, y'", files: {} }] },
};
`;
  const cases: readonly (readonly [string, Files[string], boolean])[] = [
    ["laid out otherwise", text.replace(/\n {2}/, "\n\n    ").replace("{} }", "{},\n}"), true],
    ["with other quotes", text.replace("\"select 'x, y'\"", "'select \\'x, y\\''"), true],
    ["with keys that need no quotes", text.replace('"main"', "main"), true],
    ["but not with other white space in SQL", text.replace("x, y", "x,y"), false],
    ["but not with another name", text.replace("1_a", "1_b"), false],
    ["but not with one thing more", text.replace("{}", '{ "x": "y" }'), false],
  ];
  it.each(cases)("%s", (_, other, same) => {
    expect(sameManifest(other, text)).toBe(same);
  });
});
