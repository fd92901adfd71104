/** A project of the real Kysely moves in: half applied by Kysely, finished by Slipway, one rolled back. */
import { promises } from "node:fs";
import { join } from "node:path";
import { Kysely, PostgresDialect } from "kysely";
import { FileMigrationProvider, Migrator } from "kysely/migration";
import pg from "pg";
import { kyselyMigrations } from "slipway/compat/kysely";
import { postgres } from "slipway/postgres";
import { sqlite } from "slipway/sqlite";
import { afterAll, describe, expect, it, onTestFinished } from "vitest";
import { ask } from "../faults/support/server.ts";
import { freshDatabase } from "../support/postgres.ts";
import { emptyProject, quietRelease, standing, writeFile } from "./project.ts";

const database = await freshDatabase();
afterAll(() => database.drop());

const modules = kyselyMigrations();

function projectOf(): string {
  const folder = emptyProject();
  writeFile(folder, "package.json", '{ "type": "module" }');
  writeFile(
    folder,
    "20240101000000_create_users.ts",
    `import type { Kysely } from "kysely";
export async function up(db: Kysely<any>): Promise<void> {
  await db.schema.createTable("users").addColumn("id", "integer", (c) => c.primaryKey()).addColumn("email", "text").execute();
}
export async function down(db: Kysely<any>): Promise<void> {
  await db.schema.dropTable("users").execute();
}`,
  );
  writeFile(
    folder,
    "20240102000000_fill_users.ts",
    `import { type Kysely, sql } from "kysely";
export async function up(db: Kysely<any>): Promise<void> {
  await sql\`insert into users (id, email) values (\${1}, \${"a@b.c"})\`.execute(db);
  await db.transaction().execute((trx) => trx.insertInto("users").values({ id: 2, email: "b" }).execute());
  await db.transaction().execute(async (trx) => {
    await trx.deleteFrom("users").execute();
    throw new Error("no");
  }).catch(() => undefined);
  const { numUpdatedRows } = await db.updateTable("users").set({ email: "c" }).where("id", "=", 2).executeTakeFirst();
  if (numUpdatedRows !== 1n) throw new Error("updated " + numUpdatedRows);
}
export async function down(db: Kysely<any>): Promise<void> {
  const gone = await db.deleteFrom("users").returning("id").execute();
  if (gone.length !== 2) throw new Error("deleted " + gone.length);
}`,
  );
  return folder;
}

const emails = "select email from users order by id";

describe("a project of Kysely", () => {
  it("on PostgreSQL is half applied by Kysely, adopted, finished and rolled back", async () => {
    const folder = projectOf();
    const kysely = new Kysely({
      dialect: new PostgresDialect({ pool: new pg.Pool({ connectionString: database.url }) }),
    });
    onTestFinished(() => kysely.destroy());
    const provider = new FileMigrationProvider({
      fs: promises,
      path: { join },
      migrationFolder: folder,
    });
    const { error } = await new Migrator({ db: kysely, provider }).migrateUp();
    expect(error).toBeUndefined();
    const adapter = postgres({ url: database.url });
    const release = quietRelease(folder, { adapter, migrations: ".", modules });
    await expect(release.migrate()).rejects.toThrow("Kysely");
    expect((await release.adopt("main")).recorded).toMatchObject([{ name: "create_users" }]);
    await release.migrate();
    expect(await ask(database.url, emails)).toEqual([{ email: "a@b.c" }, { email: "c" }]);
    await release.rollback("main", { step: 1 });
    expect(await standing(release)).toEqual(["up create_users", "down fill_users"]);
    expect(await ask(database.url, emails)).toEqual([]);
    await release.rollback("main", { all: true });
    expect(await ask(database.url, "select to_regclass('users') as it")).toEqual([{ it: null }]);
  });

  it("on SQLite runs up, down and up", async () => {
    const folder = projectOf();
    const adapter = sqlite({ path: join(folder, "test.db") });
    const release = quietRelease(folder, { adapter, migrations: ".", modules });
    await release.migrate();
    await release.rollback("main", { step: 1 });
    await release.migrate();
    const session = await adapter.open({ role: "work", application: "test" });
    expect(await session.query(emails)).toEqual([{ email: "a@b.c" }, { email: "c" }]);
    await session.close();
  });

  it("names the line that runs it, where the repo does not say whose it is", async () => {
    const folder = projectOf();
    const adapter = sqlite({ path: join(folder, "test.db") });
    await expect(quietRelease(folder, { adapter, migrations: "." }).plan()).rejects.toThrow(
      "it is a migration of Kysely",
    );
  });
});
