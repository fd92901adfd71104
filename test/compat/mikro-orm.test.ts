/** A project of the real MikroORM moves in: half applied by it, finished by Slipway, one rolled back. */
import { readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { RepoConfig } from "slipway";
import { mikroOrmMigrations } from "slipway/compat/mikro-orm";
import { afterAll, describe, expect, it } from "vitest";
import { freshDatabase } from "../support/postgres.ts";
import {
  commitRefused,
  expectAlone,
  expectRefused,
  itMovesIn,
  itNamesTheLine,
  itRunsOnMariadb,
  itRunsOnSqlite,
  type MovingTool,
} from "./moving.ts";
import { emptyProject, moduleAlone, writeFile } from "./project.ts";
import { runProgram } from "./tool.ts";

/** Its generator looks at a database. */
const database = await freshDatabase();
afterAll(() => database.drop());
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
    await run(folder, database.url, "create", `part_${index}`);
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

function run(folder: string, url: string, ...words: readonly string[]): Promise<string> {
  return runProgram(folder, ["tool.mjs", ...words], { DATABASE_URL: url });
}

const tool: MovingTool = {
  name: "MikroORM",
  modules,
  project: projectOf,
  half: (folder, url) => {
    const [first = ""] = readdirSync(join(folder, "migrations"));
    return run(folder, url, "up", first.replace(".ts", ""));
  },
  rest: (folder, url) => run(folder, url, "up"),
  parts: ["part_0", "part_1"],
  filled: [{ email: "a?", role: "admin" }],
};

describe("a project of MikroORM", () => {
  itMovesIn(tool);
  itRunsOnSqlite(tool);
  itRunsOnMariadb(tool);
});

describe("a module", () => {
  it("is outside of a transaction where it says so", async () => {
    await expectAlone(
      oneModule(
        "isTransactional() { return false; } up() { this.addSql('begin; create table a (id int); commit'); }",
      ),
    );
  });

  it.each([
    ["commit", commitRefused],
    ["oops", "oops"],
  ])("that sends %s is refused, and leaves nothing", async (sql, reason) => {
    const body = `up() { this.addSql('create table a (id int)'); this.addSql('${sql}'); }`;
    await expectRefused(oneModule(body), reason);
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

  itNamesTheLine(
    { tool: "MikroORM", call: "mikroOrmMigrations", path: "mikro-orm" },
    "Migration20240101000000.ts",
    ["up() { this.addSql('select 1'); }"],
    oneModule,
  );
});

function oneModule(body: string, how: Pick<RepoConfig, "modules"> = { modules }) {
  const text = `import { Migration } from "@mikro-orm/migrations";
export class Migration20240101000000 extends Migration { ${body} }`;
  return moduleAlone("Migration20240101000000.ts", text, how);
}
