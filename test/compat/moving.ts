/** What holds of every tool whose modules run: its project moves in from half way, and a module says whose it is. */
import { join } from "node:path";
import type { Release, RepoConfig } from "slipway";
import { postgres } from "slipway/postgres";
import { sqlite } from "slipway/sqlite";
import { expect, it, onTestFinished } from "vitest";
import { ask } from "../faults/support/server.ts";
import { freshMysql, mariadbOfRun } from "../support/mysql.ts";
import { freshDatabase } from "../support/postgres.ts";
import { quietRelease, rowsOf, standing, upDownUp } from "./project.ts";

const mariadb = await mariadbOfRun();

/** A tool whose project of two migrations makes `users` and fills it. */
export type MovingTool = {
  /** As steps name it: `Knex`. */
  readonly name: string;
  readonly modules: NonNullable<RepoConfig["modules"]>;
  /** Makes the project, and gives its folder. */
  readonly project: () => Promise<string>;
  /** Runs the first migration with the tool itself. */
  readonly half: (folder: string, url: string) => Promise<unknown>;
  /** Runs with the tool itself what has not run. */
  readonly rest: (folder: string, url: string) => Promise<unknown>;
  /** The names of the two. */
  readonly parts: readonly [string, string];
  /** What `select email, role from users order by id` gives in the end. */
  readonly filled: readonly { readonly email: string; readonly role: string }[];
};

const emails = "select email, role from users order by id";

/** Half applied by the tool, adopted, finished, rolled back, and finished by the tool. */
export function itMovesIn({ name, parts, filled, ...tool }: MovingTool): void {
  it(`on PostgreSQL is half applied by ${name}, adopted, finished, rolled back and taken back`, async () => {
    const database = await freshDatabase();
    onTestFinished(() => database.drop());
    const folder = await tool.project();
    await tool.half(folder, database.url);
    const adapter = postgres({ url: database.url });
    const release = quietRelease(folder, {
      adapter,
      migrations: "migrations",
      modules: tool.modules,
    });
    await expect(release.migrate()).rejects.toThrow(name);
    expect((await release.adopt("main")).recorded).toMatchObject([{ name: parts[0] }]);
    expect(await wordsOf(release)).toEqual([[`run code: ${name}, up`]]);
    await release.migrate();
    expect(await ask(database.url, emails)).toEqual(filled);
    await release.rollback("main", { step: 1 });
    expect(await standing(release)).toEqual([`up ${parts[0]}`, `down ${parts[1]}`]);
    await tool.rest(folder, database.url);
    expect(await ask(database.url, emails)).toEqual(filled);
  });
}

/** Up, down and up in one file. `also` looks at what else must be there. */
export function itRunsOnSqlite(
  { modules, project, filled }: MovingTool,
  also: (rows: (sql: string) => ReturnType<typeof rowsOf>) => Promise<void> = async () => undefined,
): void {
  it("on SQLite runs up, down and up", async () => {
    const folder = await project();
    const adapter = sqlite({ path: join(folder, "test.db") });
    await upDownUp(quietRelease(folder, { adapter, migrations: "migrations", modules }));
    expect(await rowsOf(adapter, emails)).toEqual(filled);
    await also((sql) => rowsOf(adapter, sql));
  });
}

/** The same on MariaDB. */
export function itRunsOnMariadb({ modules, project, filled }: MovingTool): void {
  it.skipIf(mariadb === undefined)("on MariaDB runs up, down and up", async () => {
    const folder = await project();
    const { adapter, query, dispose } = await freshMysql(mariadb?.url ?? "");
    onTestFinished(() => dispose());
    await upDownUp(quietRelease(folder, { adapter, migrations: "migrations", modules }));
    expect(await query(emails)).toEqual(filled);
  });
}

/** A module alone, in a repo that does not say whose it is. */
export function itNamesTheLine(
  of: { readonly tool: string; readonly call: string; readonly path: string },
  file: string,
  bodies: readonly string[],
  oneModule: (
    body: string,
    how: Pick<RepoConfig, "modules">,
  ) => { readonly release: Release<"main"> },
): void {
  const { tool, call, path } = of;
  it.each(bodies)(
    "names the line that runs it, where the repo does not say whose it is: %s",
    async (body) => {
      await expect(oneModule(body, {}).release.plan()).rejects.toMatchObject({
        message: `file ${file}: it is a migration of ${tool}`,
        hint: `To run it, add modules: ${call}() to its repo in release.ts, and import { ${call} } from "slipway/compat/${path}".`,
      });
    },
  );
}

/** What a module refuses to do, leaving nothing of the table `a` on the SQLite that it ran on. */
export async function expectRefused(
  {
    release,
    adapter,
  }: { readonly release: Release<"main">; readonly adapter: RepoConfig["adapter"] },
  reason: string,
): Promise<void> {
  await expect(release.migrate()).rejects.toThrow(reason);
  expect(await rowsOf(adapter, aTable)).toEqual([]);
}

/** Runs it, and expects the table `a` to be there. */
export async function expectTable({
  release,
  adapter,
}: {
  readonly release: Release<"main">;
  readonly adapter: RepoConfig["adapter"];
}): Promise<void> {
  await release.migrate();
  expect(await rowsOf(adapter, aTable)).toEqual([{ name: "a" }]);
}

/** The same of a migration that says it wants no transaction. */
export async function expectAlone(made: {
  readonly release: Release<"main">;
  readonly adapter: RepoConfig["adapter"];
}): Promise<void> {
  const [plan] = await made.release.plan();
  expect(plan?.steps.map(({ transactional }) => transactional)).toEqual([false]);
  await expectTable(made);
}

/** What a COMMIT inside of a migration is answered with. */
export const commitRefused = "COMMIT without a BEGIN: the transaction is that of the migration";

const aTable = "select name from sqlite_master where name = 'a'";

/** The operations of what is pending, in words. */
async function wordsOf(release: Release<"main">): Promise<readonly (readonly string[])[]> {
  const [plan] = await release.plan();
  return (plan?.steps ?? []).map(({ actions }) => actions.map(({ words }) => words));
}
