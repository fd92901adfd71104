/** What a program carries is read as its repo and its database have it. */
import { join } from "node:path";
import { expect, it } from "vitest";
import type { CarriedCode } from "../../src/build/carried.ts";
import { carry, type RepoFolders } from "../../src/build/carry.ts";
import { tree } from "../engine/migration-tree.ts";

async function carried(
  text: string,
  repo: Pick<RepoFolders, "syntax"> & Partial<RepoFolders>,
): Promise<readonly CarriedCode[]> {
  const root = tree({ "m/R__v.sql": text });
  const main = { name: "main", migrations: [join(root, "m")], dataMigrations: [], ...repo };
  const { repos } = await carry([main], root);
  return repos[0]?.migrations?.map(({ code }) => code) ?? [];
}

const named = "$" + "{name}";

it.each(["sqlite", "postgres", "mysql"] as const)(
  "fills in what runs again with the repo's values, on %s",
  async (syntax) => {
    const placeholders = { name: "v" };
    expect(
      await carried(`create or replace view ${named} as select 1;\n`, { syntax, placeholders }),
    ).toEqual([{ kind: "sql", text: "create or replace view v as select 1;\n" }]);
  },
);

it("reads what runs again as its database does", async () => {
  const text = "create or replace view v as select 'it\\'s' as a;\n";
  expect(await carried(text, { syntax: "mysql" })).toEqual([{ kind: "sql", text }]);
  await expect(carried(text, { syntax: "postgres" })).rejects.toMatchObject({
    code: "migration_invalid",
  });
});

it("fills change sets in, in both directions", async () => {
  const text = `--liquibase formatted sql
--changeset ann:1
create table ${named} (a int);
--rollback drop table ${named};
`;
  const [code] = await carried(text, {
    syntax: "sqlite",
    layout: "liquibase",
    placeholders: { name: "t" },
  });
  expect(code).toMatchObject({
    up: expect.stringContaining("create table t (a int);"),
    down: expect.stringContaining("drop table t;"),
  });
});
