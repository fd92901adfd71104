/** A safe form that fills rows walks keys of every type, whatever a role or a database says of how values read. */
import pg from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { postgres } from "../../src/adapters/postgres/index.ts";
import { defineMigration, sql } from "../../src/index.ts";
import { releaseOn } from "../conformance/support/release.ts";
import { freshDatabase } from "../support/postgres.ts";

const settings = {
  DateStyle: "SQL, DMY",
  IntervalStyle: "sql_standard",
  TimeZone: "Europe/Berlin",
  bytea_output: "escape",
  extra_float_digits: "-15",
};

/** Each type with 2,500 values that are close together. */
const types: Readonly<Record<string, string>> = {
  // The hour that comes twice in Berlin lies among them.
  timestamptz: "timestamptz '2025-10-25 22:00:00+00' + g * interval '10 seconds'",
  timestamp: "timestamp '2025-10-01 22:00:00' + g * interval '1 hour'",
  float8: "1 + g * 1e-12",
  bytea: "decode(lpad(to_hex(g), 8, '0'), 'hex')",
  interval: "interval '-1 day' + (g - 1250) * interval '1 minute'",
};

let database: Awaited<ReturnType<typeof freshDatabase>>;
let admin: pg.Client;

beforeAll(async () => {
  database = await freshDatabase();
  admin = new pg.Client(database.url);
  await admin.connect();
  const name = new URL(database.url).pathname.slice(1);
  for (const [setting, value] of Object.entries(settings))
    await admin.query(`alter database ${name} set ${setting} = '${value}'`);
});

afterAll(async () => {
  await admin?.end();
  await database?.drop();
});

it("fills every row", async () => {
  for (const [type, value] of Object.entries(types))
    await admin.query(
      `create table by_${type} (id ${type} primary key); insert into by_${type} select ${value} from generate_series(1, 2500) g`,
    );
  const fill = defineMigration({
    change: (m) => {
      for (const type of Object.keys(types))
        m.addColumnWithBackfill(`by_${type}`, "slug", "text", { fill: sql`'x'`, null: true });
    },
  });
  await releaseOn(
    { adapter: postgres({ url: database.url }) },
    { "1_fill": fill },
  ).release.migrate();
  for (const type of Object.keys(types)) {
    const { rows } = await admin.query(
      `select count(*)::int as empty from by_${type} where slug is null`,
    );
    expect([type, ...rows]).toEqual([type, { empty: 0 }]);
  }
});
