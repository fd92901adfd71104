/** What the model's migrators do, and what must be true of the database whatever happens to them. */
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import type { Adapter, Row } from "../../../src/adapters/adapter.ts";
import { defineMigration, defineRelease, isReleaseError, silent } from "../../../src/index.ts";
import { Migrator } from "./stepped.ts";

/** Every unit of every migration writes a line into `log` in both directions, so that doing one twice shows. */
export const before = [
  "create table log (at bigint generated always as identity, unit text, direction text)",
  "create table posts (id bigint primary key, title text)",
];

const noted = (unit: string, direction: string) =>
  `insert into log (unit, direction) values ('${unit}', '${direction}')`;

export const migrations = {
  "1_one": defineMigration({
    up(m) {
      m.createTable("one", (t) => t.id());
      m.execute(noted("1", "up"));
    },
    down(m) {
      m.execute(noted("1", "down"));
      m.dropTable("one");
    },
  }),
  "2_two": `-- slipway: transaction=false
-- migrate:up
${noted("2a", "up")};
create index concurrently two on posts (title);
${noted("2b", "up")};
-- migrate:down
${noted("2b", "down")};
drop index concurrently two;
${noted("2a", "down")};`,
  "3_three": defineMigration({
    up(m) {
      m.alterTable("posts", (t) => t.add("three", "integer"));
      m.run(async (db) => {
        await db.query("insert into log (unit, direction) values ($1, $2)", ["3", "up"]);
      });
    },
    down(m) {
      m.execute(noted("3", "down"));
      m.alterTable("posts", (t) => t.remove("three"));
    },
  }),
};

export type Deed = "up" | "down";

export function startMigrator(
  adapter: Adapter,
  deed: Deed,
  options: { readonly stuckMs?: number } = {},
): Migrator {
  return new Migrator({
    adapter,
    run: (stepped) => carryOut(deed, stepped),
    ...options,
  });
}

/** Goes all the way. The clock stands still, so nobody gives up waiting. */
async function carryOut(deed: Deed, adapter: Adapter): Promise<void> {
  const main = { adapter, migrations, safe: "off" } as const;
  const release = defineRelease({ app: "model", repos: { main } }).using({
    emit: silent,
    sleep,
    now: () => 0,
    random: () => 0.5,
  });
  if (deed === "up") await release.migrate();
  else await release.rollback("main", 1).catch(unlessHalf);
}

/** What is applied in part is not passed by: nothing is undone, and the next one who goes up finishes it. */
function unlessHalf(error: unknown): void {
  if (!isReleaseError(error) || error.code !== "half_applied") throw error;
}

/** A pause is over at once, and a deadline never comes. */
async function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  if (ms < 2_000 || signal === undefined || signal.aborted) return delay(1);
  await once(signal, "abort");
}

type Query = (sql: string) => Promise<readonly Row[]>;

/** What is wrong with a database where everything has come to its end, all the way up. */
export async function faultsOf(query: Query): Promise<readonly string[]> {
  const [table] = await query("select to_regclass('slipway_journal')::text as journal");
  if (typeof table?.journal !== "string") return ["there is no journal"];
  const [seen] = await query(`select
    (select string_agg(version::text, ',' order by version) from schema_migrations) as history,
    (select count(*) from slipway_journal)::int as journal,
    (select string_agg(relname, ',' order by relname) from pg_class where relname in ('one', 'two')) as made,
    (select bool_and(indisvalid) from pg_index where indexrelid = to_regclass('two')) as valid,
    (select count(*) from pg_attribute where attrelid = 'posts'::regclass and attname = 'three')::int as columns`);
  const wanted = { history: "1,2,3", journal: 0, made: "one,two", valid: true, columns: 1 };
  const wrong = JSON.stringify(seen) === JSON.stringify(wanted) ? [] : [JSON.stringify(seen)];
  const log = await query("select unit, direction from log order by at");
  const events = await query(
    "select version as unit, direction from slipway_events where result in ('applied', 'rolled_back') order by id",
  );
  return [
    ...wrong,
    ...notInTurn(log, ["1", "2a", "2b", "3"]),
    ...notInTurn(events, ["1", "2", "3"]).map((words) => `event of ${words}`),
  ];
}

/** Up and down take turns, for each unit, and up is the last. */
function notInTurn(log: readonly Row[], expected: readonly string[]): readonly string[] {
  const units = Map.groupBy(log, (row) => String(row.unit));
  return expected.flatMap((unit) => {
    const words = (units.get(unit) ?? []).map((row) => row.direction).join(" ");
    return /^up( down up)*$/.test(words) ? [] : [`${unit}: ${words}`];
  });
}
