/** What ran without `safe: "auto"` runs with it, or is refused before anything ran; and leaves the same catalog behind. */
import { afterAll, expect, it } from "vitest";
import { defineRelease, isReleaseError } from "../../src/index.ts";
import { testDatabase } from "../support/databases.ts";
import { recorder } from "../support/recorder.ts";
import { foreign, made, rows, statements } from "./support/auto-statements.ts";

const catalog = `SELECT pg_get_indexdef(indexrelid) || CASE WHEN indisvalid THEN '' ELSE ' INVALID' END AS line
  FROM pg_index JOIN pg_class c ON c.oid = indrelid WHERE relnamespace::regnamespace::text IN ('public', 'app')
UNION ALL SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(c.oid) || ' ' || conislocal || coninhcount
  FROM pg_constraint c WHERE connamespace::regnamespace::text IN ('public', 'app')
UNION ALL SELECT attrelid::regclass || ' ' || attname || ' ' || format_type(atttypid, atttypmod) || ' ' || attnotnull || ' ' || attnum
  FROM pg_attribute JOIN pg_class c ON c.oid = attrelid
  WHERE relnamespace::regnamespace::text IN ('public', 'app') AND attnum > 0 AND NOT attisdropped AND relkind <> 'i'
UNION ALL SELECT relname || ' ' || relispopulated FROM pg_class WHERE relkind = 'm'`;

const counts = { replaced: 0, plain: 0, refused: 0 };
afterAll(() => console.log(`safe: "auto" ran ${JSON.stringify(counts)}`));

async function withTables(): ReturnType<typeof testDatabase> {
  const database = await testDatabase("postgres");
  await database.query(foreign);
  return database;
}

function releaseOf(
  database: Awaited<ReturnType<typeof testDatabase>>,
  migrations: { readonly [id: string]: string },
  safe: "auto" | "off",
) {
  const heard = recorder();
  const main = { adapter: database.adapter, migrations, safe };
  return { heard, app: defineRelease({ app: "app", repos: { main } }).using(heard.world) };
}

it.each(statements)("%s", async (sql) => {
  const before = { "1_made": made };
  const both = { ...before, "2_more": `${sql};` };
  const [plain, auto] = [await withTables(), await withTables()];
  try {
    for (const database of [plain, auto]) {
      await releaseOf(database, before, "off").app.migrate();
      await database.query(rows);
    }
    const was = await auto.query(catalog);
    await releaseOf(plain, both, "off").app.migrate();
    const { app, heard } = releaseOf(auto, both, "auto");
    const error = await app.migrate().then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    const isReplaced = heard.events.some(
      (event) => event.type === "warning" && event.message.includes("is replaced by"),
    );
    if (error === undefined) counts[isReplaced ? "replaced" : "plain"]++;
    else counts.refused++;
    if (error !== undefined) expect(isReleaseError(error) ? error.code : error).toBe("unsafe");
    const lines = (found: typeof was) =>
      found
        .map(({ line }) => String(line))
        .filter((line) => !/slipway_|schema_migrations/.test(line))
        .sort();
    const wanted = error === undefined ? await plain.query(catalog) : was;
    expect(lines(await auto.query(catalog))).toEqual(lines(wanted));
  } finally {
    await plain.dispose();
    await auto.dispose();
  }
});
