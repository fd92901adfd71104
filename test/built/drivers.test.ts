/** A built release on each driver: how a package is written decides what the bundler makes of it. */
import { existsSync, symlinkSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freshMysql, type MysqlDatabase, mariadbOfRun } from "../support/mysql.ts";
import { type FreshDatabase, freshDatabase } from "../support/postgres.ts";
import { buildProject, folderOf, ran, writeProject } from "./support.ts";

const folder = folderOf("drivers");
const server = await mariadbOfRun();
let onPostgres: FreshDatabase;
let onMysql: MysqlDatabase | undefined;

beforeAll(async () => {
  onPostgres = await freshDatabase();
  onMysql = server && (await freshMysql(server.url));
});
afterAll(async () => {
  folder.remove();
  await onPostgres.drop();
  await onMysql?.dispose();
});

const packages = resolve(import.meta.dirname, "../../node_modules");
const fileOf = (name: string) => join(folder.path, `${name}.db`);
const drivers: readonly [name: string, adapter: string, url: () => string | undefined][] = [
  ["postgres-js", "postgresJs", () => onPostgres.url],
  ["mysql", "mysql", () => onMysql?.url],
  ["mariadb", "mariadb", () => onMysql?.url],
  ["sqlite", "sqlite", () => fileOf("sqlite")],
  ["better-sqlite3", "betterSqlite3", () => fileOf("better")],
  ["libsql", "libsql", () => `file://${fileOf("libsql")}`],
];
const onMariadb = ["mysql", "mariadb"];
const here = drivers.filter(([name]) => server !== undefined || !onMariadb.includes(name));

describe("a built release", () => {
  it.each(here)("migrates and goes back by slipway/%s", async (name, adapter, url) => {
    const address = url()?.includes("://") ? "url" : "path";
    const project = writeProject(join(folder.path, name), {
      "release.ts": `import { defineRelease, env } from "slipway";
import { ${adapter} } from "slipway/${name}";

export const Release = defineRelease({
  app: "my_app",
  repos: { main: { adapter: ${adapter}({ ${address}: () => env("DATABASE_URL") }) } },
});
`,
    });
    const own = join(project, "node_modules", name);
    if (existsSync(join(packages, name)) && !existsSync(own))
      symlinkSync(join(packages, name), own);
    const root = await buildProject(project);
    const env = { SLIPWAY_NODE: process.execPath, DATABASE_URL: url() ?? "" };
    for (const [words, says] of [
      [["migrate"], "== Migrated 1 in"],
      [["status"], "  users\n"],
      [["rollback", "main", "1"], "== Migrated 1 in"],
    ] as const) {
      const { code, stdout, stderr } = await ran(join(root, "bin/my_app"), words, { env });
      expect({ words, code, stderr: code === 0 ? "" : stderr }).toEqual({
        words,
        code: 0,
        stderr: "",
      });
      expect(stdout + stderr).toContain(says);
    }
  });
});
