/** Releases with the drivers of MariaDB and MySQL inside, against a server: by the command line, and by the app. */
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freshMysql, type MysqlDatabase, mariadbOfRun } from "../support/mysql.ts";
import { buildProject, environment, folderOf, ran, writeProject } from "./support.ts";

const server = await mariadbOfRun();

const app = `import { Release } from "../release.ts";
const runs = await Release.migrate();
console.log(runs.length);
process.exit();
`;

describe.skipIf(server === undefined).each(["mysql", "mariadb"])("a release with %s", (adapter) => {
  const folder = folderOf(`built-${adapter}`);
  let root = "";
  let databases: readonly MysqlDatabase[] = [];

  beforeAll(async () => {
    const project = writeProject(folder.path, {
      "src/server.ts": app,
      "release.ts": `import { defineRelease, env } from "slipway";
import { ${adapter} } from "slipway/${adapter}";

export const Release = defineRelease({
  app: "my_app",
  repos: { main: { adapter: ${adapter}({ url: () => env("DATABASE_URL") }) } },
});
`,
    });
    root = await buildProject(project, "--app", "src/server.ts", "--quiet");
    const { url = "" } = server ?? {};
    databases = [await freshMysql(url), await freshMysql(url)];
  });
  afterAll(async () => {
    for (const database of databases) await database.dispose();
    folder.remove();
  });

  it.each([
    ["command line", ["migrate"], "", "Migrated 1 in"],
    ["app", ["start"], "1\n", ""],
  ])("migrates by its %s", async (who, args, stdout, stderr) => {
    const database = databases[who === "app" ? 1 : 0]!;
    const env = environment(database.url, folder.path);
    const migrated = await ran(join(root, "bin/my_app"), args, { env });
    expect({ code: migrated.code, stdout: migrated.stdout }).toEqual({ code: 0, stdout });
    expect(migrated.stderr).toContain(stderr);
    expect(await database.query("SELECT count(*) AS n FROM users")).toEqual([{ n: 0 }]);
    const { code, stdout: status } = await ran(join(root, "bin/my_app"), ["status"], { env });
    expect({ code, status }).toMatchObject({ code: 0, status: expect.stringContaining("up") });
  });
});
