/** What ran without `safe: "auto"` runs with it, or is refused before anything ran; and leaves the same catalog behind. */
import { afterAll, expect, it } from "vitest";
import { postgres } from "../../src/adapters/postgres/index.ts";
import { defineRelease, isReleaseError } from "../../src/index.ts";
import { ask } from "../faults/support/server.ts";
import { copyOf, type FreshDatabase, freshDatabase } from "../support/postgres.ts";
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

const before = { "1_made": made };

/** What each statement begins with, made once. */
const first = await freshDatabase();
afterAll(() => first.drop());
await ask(first.url, foreign);
await releaseOf(first, before, "off").app.migrate();
await ask(first.url, rows);

function releaseOf(
  { url }: FreshDatabase,
  migrations: { readonly [id: string]: string },
  safe: "auto" | "off",
) {
  const heard = recorder();
  const main = { adapter: postgres({ url }), migrations, safe };
  return { heard, app: defineRelease({ app: "app", repos: { main } }).using(heard.world) };
}

it.each(statements)("%s", async (sql) => {
  const both = { ...before, "2_more": `${sql};` };
  const [plain, auto] = [await copyOf(first), await copyOf(first)];
  try {
    const was = await ask(auto.url, catalog);
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
    const wanted = error === undefined ? await ask(plain.url, catalog) : was;
    expect(lines(await ask(auto.url, catalog))).toEqual(lines(wanted));
  } finally {
    await plain.drop();
    await auto.drop();
  }
});
