/** A project of the real MikroORM moves in: half applied by it, finished by Slipway, one rolled back. */
import { readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { RepoConfig } from "slipway";
import { mikroOrmMigrations } from "slipway/compat/mikro-orm";
import { postgres } from "slipway/postgres";
import { sqlite } from "slipway/sqlite";
import { afterAll, describe, expect, it } from "vitest";
import { ask } from "../faults/support/server.ts";
import { freshMysql, mariadbOfRun } from "../support/mysql.ts";
import { freshDatabase } from "../support/postgres.ts";
import {
  emptyProject,
  moduleAlone,
  quietRelease,
  rowsOf,
  standing,
  upDownUp,
  writeFile,
} from "./project.ts";
import { runProgram } from "./tool.ts";

const database = await freshDatabase();
afterAll(() => database.drop());
const mariadb = await mariadbOfRun();
const modules = mikroOrmMigrations();

/** What its command line does, which is a package of its own. */
const program = `import { Migrator } from "@mikro-orm/migrations";
import { MikroORM } from "@mikro-orm/postgresql";
const [command, name] = process.argv.slice(2);
const orm = await MikroORM.init({
  clientUrl: process.env.DATABASE_URL,
  entities: [],
  discovery: { warnWhenNoEntities: false },
  extensions: [Migrator],
  migrations: { path: "migrations", snapshot: false },
});
if (command === "create") await orm.migrator.create(undefined, true, false, name);
else await orm.migrator[command](name === undefined ? {} : { to: name });
await orm.close();
`;

const bodies: readonly (readonly [up: string, down: string])[] = [
  [
    'this.addSql("create table users (id integer primary key, email varchar(100))");',
    'this.addSql("drop table users");',
  ],
  [
    `this.addSql("alter table users add column role varchar(100)");
    this.addSql(raw("insert into users (id, email, role) values (?, ?, ?)", [1, "a?", "admin"]));
    const rows = await this.execute("select count(*) as n from ?? where email <> ?", ["users", "z"]);
    if (Number(rows[0].n) !== 0) throw new Error("found " + rows[0].n);`,
    'this.addSql("delete from users"); this.addSql("alter table users drop column role");',
  ],
];

/** Made by its own generator, with a body each. */
async function projectOf(): Promise<string> {
  const folder = emptyProject();
  writeFile(folder, "package.json", '{ "type": "module" }');
  writeFile(folder, "tool.mjs", program);
  const migrations = join(folder, "migrations");
  for (const [index, [up, down]] of bodies.entries()) {
    await runProgram(folder, ["tool.mjs", "create", `part_${index}`], env);
    const made = readdirSync(migrations).find((name) => name.endsWith(`_part_${index}.ts`)) ?? "";
    // Its names count seconds.
    const [stamp = ""] = /\d{14}/.exec(made) ?? [];
    const later = `2024010${index + 1}000000`;
    const text = readFileSync(join(migrations, made), "utf8").replaceAll(stamp, later);
    renameSync(join(migrations, made), join(migrations, made.replace(stamp, later)));
    const filled = text
      .replace(/up\(\)[^{]*\{/, `async up() { ${up}`)
      .replace(/\boverride async/, "override async")
      .replace(/\}\s*$/, `  override async down() { ${down} }\n}\n`);
    writeFileSync(
      join(migrations, made.replace(stamp, later)),
      `import { raw } from "@mikro-orm/core";\n${filled}`,
    );
  }
  return folder;
}

const env = { DATABASE_URL: database.url };
const emails = "select email, role from users order by id";
const filled = [{ email: "a?", role: "admin" }];

describe("a project of MikroORM", () => {
  it("on PostgreSQL is half applied by MikroORM, adopted, finished, rolled back and taken back", async () => {
    const folder = await projectOf();
    const [first = ""] = readdirSync(join(folder, "migrations"));
    await runProgram(folder, ["tool.mjs", "up", first.replace(".ts", "")], env);
    const adapter = postgres({ url: database.url });
    const release = quietRelease(folder, { adapter, migrations: "migrations", modules });
    await expect(release.migrate()).rejects.toThrow("MikroORM");
    expect((await release.adopt("main")).recorded).toMatchObject([{ name: "part_0" }]);
    const [plan] = await release.plan();
    expect(plan?.steps.map(({ actions }) => actions.map(({ words }) => words))).toEqual([
      ["run code: MikroORM, up"],
    ]);
    await release.migrate();
    expect(await ask(database.url, emails)).toEqual(filled);
    await release.rollback("main", { step: 1 });
    expect(await standing(release)).toEqual(["up part_0", "down part_1"]);
    await runProgram(folder, ["tool.mjs", "up"], env);
    expect(await ask(database.url, emails)).toEqual(filled);
  });

  it("on SQLite runs up, down and up", async () => {
    const folder = await projectOf();
    const adapter = sqlite({ path: join(folder, "test.db") });
    await upDownUp(quietRelease(folder, { adapter, migrations: "migrations", modules }));
    expect(await rowsOf(adapter, emails)).toEqual(filled);
  });

  it.skipIf(mariadb === undefined)("on MariaDB runs up, down and up", async () => {
    const folder = await projectOf();
    const { adapter, query, dispose } = await freshMysql(mariadb?.url ?? "");
    await upDownUp(quietRelease(folder, { adapter, migrations: "migrations", modules }));
    expect(await query(emails)).toEqual(filled);
    await dispose();
  });
});

describe("a module", () => {
  it("is outside of a transaction where it says so", async () => {
    const { release, adapter } = oneModule(
      "isTransactional() { return false; } up() { this.addSql('begin; create table a (id int); commit'); }",
    );
    const [plan] = await release.plan();
    expect(plan?.steps.map(({ transactional }) => transactional)).toEqual([false]);
    await release.migrate();
    expect(await rowsOf(adapter, aTable)).toEqual([{ name: "a" }]);
  });

  it.each([
    ["commit", "COMMIT without a BEGIN: the transaction is that of the migration"],
    ["oops", "oops"],
  ])("that sends %s is refused, and leaves nothing", async (sql, reason) => {
    const { release, adapter } = oneModule(
      `up() { this.addSql('create table a (id int)'); this.addSql('${sql}'); }`,
    );
    await expect(release.migrate()).rejects.toThrow(reason);
    expect(await rowsOf(adapter, aTable)).toEqual([]);
  });

  it("that asks for an entity manager is refused", async () => {
    const { release } = oneModule("async up() { await this.getEntityManager().flush(); }");
    await expect(release.migrate()).rejects.toThrow("use this.execute() or this.addSql()");
  });

  it("without down has no way back", async () => {
    const { release } = oneModule("up() { this.addSql('create table a (id int)'); }");
    await release.migrate();
    await expect(release.rollback("main", { step: 1 })).rejects.toThrow("down");
  });

  it("names the line that runs it, where the repo does not say whose it is", async () => {
    const { release } = oneModule("up() { this.addSql('select 1'); }", {});
    await expect(release.plan()).rejects.toMatchObject({
      message: "file Migration20240101000000.ts: it is a migration of MikroORM",
      hint: 'To run it, add modules: mikroOrmMigrations() to its repo in release.ts, and import { mikroOrmMigrations } from "slipway/compat/mikro-orm".',
    });
  });
});

const aTable = "select name from sqlite_master where name = 'a'";

function oneModule(body: string, how: Pick<RepoConfig, "modules"> = { modules }) {
  const text = `import { Migration } from "@mikro-orm/migrations";
export class Migration20240101000000 extends Migration { ${body} }`;
  return moduleAlone("Migration20240101000000.ts", text, how);
}
