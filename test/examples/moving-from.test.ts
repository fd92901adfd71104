/** Projects of other tools that move in, as in docs/moving-from: half applied by the tool, built, finished by the release. */
import { cpSync } from "node:fs";
import { join } from "node:path";
import { expect, inject, it, onTestFinished } from "vitest";
import { ask } from "../faults/support/server.ts";
import { freshDatabase } from "../support/postgres.ts";
import { copyExample, runIn } from "./example.ts";

/** Each tool: its name for people, its table, what the table calls the second migration, and its version for us. */
const tools: readonly {
  readonly name: string;
  readonly label: string;
  readonly names: string;
  readonly second: string;
  readonly version: string;
}[] = [
  {
    name: "knex",
    label: "Knex",
    names: "select name from knex_migrations order by id",
    second: "20240102000000_create_orders.ts",
    version: "20240102000000",
  },
  {
    name: "kysely",
    label: "Kysely",
    names: "select name from kysely_migration order by name",
    second: "20240102000000_create_orders",
    version: "20240102000000",
  },
  {
    name: "node-pg-migrate",
    label: "node-pg-migrate",
    names: "select name from pgmigrations order by id",
    second: "1704153600000_create-orders",
    version: "1704153600000",
  },
  {
    name: "sequelize",
    label: "Sequelize",
    names: 'select name from "SequelizeMeta" order by name',
    second: "20240102000000-create-orders.js",
    version: "20240102000000",
  },
  {
    name: "typeorm",
    label: "TypeORM",
    names: "select name from migrations order by id",
    second: "CreateOrders1704153600000",
    version: "1704153600000",
  },
  {
    name: "mikro-orm",
    label: "MikroORM",
    names: "select name from mikro_orm_migrations order by id",
    second: "Migration20240102000000",
    version: "20240102000000",
  },
  {
    name: "db-migrate",
    label: "db-migrate",
    names: "select name from migrations order by id",
    second: "/20240102000000-create-orders",
    version: "20240102000000",
  },
];

it.each(tools)(
  "$label: adopted, built, finished and rolled back by the built release, and taken back by the tool",
  async ({ name, label, names, second, version }) => {
    const database = await freshDatabase();
    onTestFinished(() => database.drop());
    const example = copyExample(`moving-from-${name}`);
    onTestFinished(example.remove);
    const env = { DATABASE_URL: database.url };
    const orders = async () => {
      const [row] = await ask(database.url, "select to_regclass('orders')::text as orders");
      return row?.orders;
    };
    // As on a server of Debian, which has the zone of its machine.
    await ask(
      database.url,
      "do $$ begin execute format('alter database %I set timezone = %L', current_database(), 'Pacific/Chatham'); end $$",
    );
    expect(await example.script("half", env)).toMatchObject({ code: 0 });

    const refused = await example.slipway(["migrate"], env);
    expect(refused).toMatchObject({ code: 2 });
    expect(refused.stderr).toContain("slipway adopt");
    expect(await example.slipway(["adopt"], env)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(`recorded 1 applied migration from ${label}`),
    });
    const isRecent =
      "select abs(extract(epoch from timezone('UTC', now()) - inserted_at)) < 600 as is from schema_migrations";
    // TypeORM keeps the number in the name of the class.
    expect(await ask(database.url, isRecent)).toEqual([{ is: name !== "typeorm" }]);
    expect(await example.slipway(["plan"], env)).toMatchObject({
      stdout: expect.stringContaining(`run code: ${label}, up`),
    });
    // What its script `build` runs, with a shadow on the server of the run: a PGlite takes twice as long.
    const build = ["release", "--out", "_release"];
    expect(example.scriptText("build")).toBe(`slipway ${build.join(" ")}`);
    expect(await example.slipway([...build, "--shadow", inject("postgresUrl")])).toMatchObject({
      code: 0,
    });
    const built = join(example.folder, "../away");
    cpSync(join(example.folder, "_release"), built, { recursive: true });
    const run = (...args: string[]) =>
      runIn(built, [join(built, `bin/moving-from-${name}`), ...args], {
        ...env,
        PATH: process.env.PATH ?? "",
      });
    expect(await run("migrate")).toMatchObject({ code: 0 });
    expect(await orders()).toBe("orders");
    expect((await run("status")).stdout).toMatch(new RegExp(`up +${version} `));
    expect(await run("rollback", "main", version)).toMatchObject({ code: 0 });
    expect(await orders()).toBe(null);

    expect(await run("migrate")).toMatchObject({ code: 0 });
    expect(await example.slipway(["adopt", "--back"], env)).toMatchObject({ code: 0, stderr: "" });
    const before = await ask(database.url, names);
    expect(before.map((row) => row.name)).toEqual([expect.anything(), second]);
    expect(await example.script("finish", env)).toMatchObject({ code: 0 });
    expect(await orders()).toBe("orders");
    expect(await ask(database.url, names)).toEqual(before);
  },
  300_000,
);
