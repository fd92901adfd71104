/** Projects of other tools that move in, as in docs/moving-from: half applied by the tool, built, finished by the release. */
import { join } from "node:path";
import makeKnex from "knex";
import { expect, it, onTestFinished } from "vitest";
import { ask } from "../faults/support/server.ts";
import { freshDatabase } from "../support/postgres.ts";
import { copyExample, runIn } from "./example.ts";

const slow = 300_000;

it(
  "Knex: adopted, built, migrated and rolled back by the built release",
  async () => {
    const database = await freshDatabase();
    onTestFinished(() => database.drop());
    const example = copyExample("moving-from-knex");
    onTestFinished(example.remove);
    const env = { DATABASE_URL: database.url };
    const knex = makeKnex({ client: "pg", connection: database.url });
    await knex.migrate
      .up({ directory: join(example.folder, "migrations") })
      .finally(() => knex.destroy());

    const refused = await example.slipway(["migrate"], env);
    expect(refused).toMatchObject({ code: 2 });
    expect(refused.stderr).toContain("slipway adopt");
    expect(await example.slipway(["adopt"], env)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("recorded 1 applied migration from Knex"),
    });
    expect(await example.slipway(["plan"], env)).toMatchObject({
      stdout: expect.stringContaining("run code: Knex, up"),
    });
    expect(await example.script("build")).toMatchObject({ code: 0 });
    const built = example.takeAway("_release");
    const run = (...args: string[]) =>
      runIn(built, [join(built, "bin/moving-from-knex"), ...args], {
        ...env,
        PATH: process.env.PATH ?? "",
      });
    expect(await run("migrate")).toMatchObject({ code: 0 });
    expect(await run("rollback", "main", "20240102000000")).toMatchObject({ code: 0 });
    expect(await run("migrate")).toMatchObject({ code: 0 });
    expect((await run("status")).stdout).toContain("up        20240102000000  create_orders");
    const [row] = await ask(database.url, "select to_regclass('orders')::text as orders");
    expect(row).toEqual({ orders: "orders" });
  },
  slow,
);
