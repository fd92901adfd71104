/**
 * Nobody who may create functions and operators in a schema of the search path has them run by Slipway: read from what
 * is really sent while every command runs, with PostgreSQL's own parser, and tried with a schema of look-alikes.
 */
import { loadModule, parseSync } from "libpg-query";
import pg from "pg";
import { defineBackfill, defineMigration, defineRelease, sql } from "slipway";
import { afterAll, beforeAll, expect, it } from "vitest";
import { postgres } from "../../src/adapters/postgres/index.ts";
import type { RunEvent } from "../../src/engine/events.ts";
import { freshDatabase } from "../support/postgres.ts";
import { recorder } from "../support/recorder.ts";

/** Every text that a client sent, in order, with the client. */
const sent: { readonly client: pg.Client; readonly text: string }[] = [];
const users = new Set<string>();
const events: RunEvent[] = [];
let database: Awaited<ReturnType<typeof freshDatabase>>;
let admin: pg.Client;

/** Look-alikes that fit columns of ours better than what PostgreSQL has, in a schema that is on the path. */
const trap = `
create schema trap;
create sequence trap.calls;
create function trap.called() returns bigint language sql volatile as 'select pg_catalog.nextval(''trap.calls'')';
${[
  ["varchar", "varchar"],
  ["varchar", "text"],
  ["varchar", "name"],
  ["name", "varchar"],
  ["bigint", "numeric"],
]
  .flatMap(([left, right], i) =>
    ["=", "<>", "~~", ">", "<="].map(
      (sign, j) => `
create function trap.sign_${i}_${j}(${left}, ${right}) returns boolean language sql volatile as 'select trap.called() < 0';
create operator trap.${sign} (leftarg = ${left}, rightarg = ${right}, function = trap.sign_${i}_${j});`,
    ),
  )
  .join("")}
create function trap.joined(varchar, varchar) returns varchar language sql volatile as 'select trap.called()::varchar';
create operator trap.|| (leftarg = varchar, rightarg = varchar, function = trap.joined);
create function trap.left(varchar, integer) returns varchar language sql volatile as 'select trap.called()::varchar';
create function trap.string_agg(varchar, varchar) returns varchar language sql volatile as 'select trap.called()::varchar';
create function trap.concat_ws(varchar, varchar, varchar) returns varchar language sql volatile as 'select trap.called()::varchar';
create function trap.starts_with(varchar, varchar) returns boolean language sql volatile as 'select trap.called() < 0';
`;

const migrations = {
  "1_posts": "create table posts (id bigint primary key, title text)",
  "2_index": defineMigration({
    change: (m) => m.createIndex("posts", ["title"], { concurrently: true }),
  }),
  "3_code": defineMigration({
    up: (m) => m.run(async () => {}),
    down: (m) => m.run(async () => {}),
  }),
  "4_safe": defineMigration({
    up: (m) => m.setNotNullSafely("posts", "title"),
    down: () => undefined,
  }),
};
const key = { table: "posts", key: "id" } as const;
const dataMigrations = {
  "5_set": defineBackfill({ ...key, set: { title: sql`title` } }),
  "6_each": defineBackfill({ ...key, columns: ["title"], each: () => ({ title: "b" }) }),
  "7_effect": defineBackfill({ ...key, columns: ["title"], effect: async () => {} }),
  "8_dead": defineBackfill({
    ...key,
    columns: ["title"],
    each: () => {
      throw new Error("no");
    },
  }),
};

const releaseWith = (more: Record<string, string> = {}) => {
  const world = recorder();
  const repos = {
    main: {
      adapter: postgres({ url: database.url }),
      migrations: { ...migrations, ...more },
      dataMigrations,
    },
  };
  const emit = (event: RunEvent) => void events.push(event);
  return defineRelease({ app: "names", repos }).using({ ...world.world, emit });
};

const told = { logMigrationsSql: true, log: false } as const;

/** Everything that Slipway can be told to do. */
async function everyCommand(): Promise<void> {
  const release = releaseWith();
  await release.migrationStatus({ data: true });
  await release.plan();
  await Promise.all([release.migrate(told), release.migrate({ ...told, lockWaitMs: 60_000 })]);
  await admin.query("insert into posts select g, 'a' from generate_series(1, 12) g");
  await release.migrateData({ ...told, step: 3 });
  await expect(release.migrateData(told)).rejects.toMatchObject({ code: "backfill_failed" });
  await release.backfills.list();
  await release.backfills.show(8);
  await release.backfills.retryDead(8).catch(() => undefined);
  await release.backfills.set(8, { parallel: 2 });
  await release.backfills.pause(8);
  await release.backfills.resume(8);
  await release.backfills.cancel(8);
  await release.backfills.restart(8);
  await releaseWith({ "9_bad": "insert into nowhere values (1)" })
    .migrate(told)
    .catch(() => undefined);
  await release.verify({ data: true });
  await release.verifySchema();
  await release.dump();
  await release.readiness();
  await release.wait();
  await release.history();
  await release.planRollback("main", 3);
  await release.tableSizes("main", ["posts"]);
  await release.mark("main", 2, { as: "done" }).catch(() => undefined);
  await release.rollback("main", 2, told);
  await release.migrate(told);
  await release.createStorage();
}

const { query } = pg.Client.prototype;

beforeAll(async () => {
  await loadModule();
  database = await freshDatabase();
  admin = new pg.Client({ connectionString: database.url });
  await admin.connect();
  await admin.query(trap);
  await admin.query(
    "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET search_path = public, trap', current_database()); END $$",
  );
  pg.Client.prototype.query = function (this: pg.Client, ...given: unknown[]) {
    if (this !== admin && typeof given[0] === "string") sent.push({ client: this, text: given[0] });
    return Reflect.apply(query, this, given);
  } as typeof query;
  await everyCommand();
  for (const event of events)
    if (event.type === "sql" && event.by === "migration") users.add(event.sql);
});
afterAll(async () => {
  pg.Client.prototype.query = query;
  await admin.end();
  await database.drop();
});

it("no look-alike was called", async () => {
  const { rows } = await admin.query("select is_called from trap.calls");
  expect(rows).toEqual([{ is_called: false }]);
});

it("every statement of ours names whose operators, functions and tables it means", () => {
  const found = new Set<string>();
  let seen = 0;
  const open = new Set<pg.Client>();
  const safe = new Set<pg.Client>();
  for (const { client, text } of sent) {
    for (const { sql, tree } of statementsOf(text)) {
      if (!safe.has(client) && unqualified(tree).length === 0 && catalogAlone.test(sql))
        safe.add(client);
      if (/^(BEGIN|START TRANSACTION)\b/.test(sql)) open.add(client);
      const isOurs = !users.has(sql) && !/\bposts\b/.test(namesOf(tree).join(" "));
      seen += isOurs ? 1 : 0;
      if (isOurs && !safe.has(client))
        for (const name of unqualified(tree))
          found.add(`${name} in ${sql.replace(/'[^']*'/g, "'…'")}`);
      if (/^(COMMIT|ROLLBACK(?! TO)|END)\b/.test(sql)) open.delete(client);
    }
    // Statements that are sent at once are a transaction of their own where none is open.
    if (!open.has(client)) safe.delete(client);
  }
  expect(seen).toBeGreaterThan(200);
  expect([...found]).toEqual([]);
});

it("types with the names of PostgreSQL's own, earlier on the path, are in nobody's way", async () => {
  const fresh = await freshDatabase();
  const client = new pg.Client({ connectionString: fresh.url });
  await client.connect();
  const names = "text,jsonb,json,name,oid,regclass,timestamptz,uuid,bytea,bool,int2,int4,int8";
  const types = names.split(",").map((name) => `create type trap.${name} as (x integer);`);
  await client.query(`create schema trap; ${types.join("")}
create table public.posts (id bigint primary key, title varchar(9));
insert into public.posts select g, 'a' from generate_series(1, 12) g;
DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET search_path = trap, pg_catalog, public', current_database()); END $$`);
  const main = {
    adapter: postgres({ url: fresh.url }),
    migrations: {
      "1_more": "-- migrate:up\ncreate table more (id bigint);\n-- migrate:down\ndrop table more;",
      "2_index": defineMigration({
        change: (m) => m.createIndex("posts", ["title"], { concurrently: true }),
      }),
    },
    dataMigrations: {
      "3_set": defineBackfill({ ...key, set: { title: sql`'b'` } }),
      "4_each": defineBackfill({ ...key, columns: ["title"], each: () => ({ title: "c" }) }),
    },
  };
  const release = defineRelease({ app: "types", repos: { main } }).using(recorder().world);
  try {
    await release.migrate();
    await release.migrateData();
    const { rows } = await client.query("select distinct title from public.posts");
    expect(rows).toEqual([{ title: "c" }]);
    await release.migrationStatus({ data: true });
    await release.verify();
    await release.plan();
    await release.history();
    await release.backfills.list();
    await release.tableSizes("main", ["posts"]);
    await release.wait();
    await release.rollback("main", 1);
    await release.migrate();
    const [status] = await release.migrationStatus();
    expect(status?.migrations.map((one) => one.status)).toEqual(["up", "up"]);
  } finally {
    await client.end();
    await fresh.drop();
  }
});

/** What leaves the catalog alone on the path, until the transaction is over. */
const catalogAlone =
  /^(SET LOCAL search_path = pg_catalog, pg_temp$|SELECT pg_catalog\.set_config\('search_path', 'pg_catalog, pg_temp', true\),)/;

type Parsed = { readonly sql: string; readonly tree: unknown };

function statementsOf(text: string): readonly Parsed[] {
  const bytes = Buffer.from(text);
  const { stmts = [] } = parseSync(text) as {
    readonly stmts?: readonly { stmt: unknown; stmt_location?: number; stmt_len?: number }[];
  };
  return stmts.flatMap(({ stmt, stmt_location: from = 0, stmt_len: length }) => {
    const sql = bytes
      .subarray(from, length === undefined ? undefined : from + length)
      .toString()
      .trim();
    return [{ sql, tree: stmt }, ...insideOf(sql)];
  });
}

/** The queries of a block of ours, which the parser takes for a string. */
function insideOf(sql: string): readonly Parsed[] {
  if (!/^DO '/.test(sql)) return [];
  const body = sql.slice(4, -1).replaceAll("''", "'");
  return [...body.matchAll(/PERFORM (.*?);/g)].flatMap(([, query]) =>
    statementsOf(`SELECT ${query}`),
  );
}

type Node = Readonly<Record<string, unknown>>;

function nodesOf(tree: unknown): readonly (readonly [string, Node])[] {
  if (typeof tree !== "object" || tree === null) return [];
  if (Array.isArray(tree)) return tree.flatMap(nodesOf);
  return Object.entries(tree).flatMap(([kind, value]) => [
    ...(typeof value === "object" && value !== null && !Array.isArray(value)
      ? [[kind, value as Node] as const]
      : []),
    ...nodesOf(value),
  ]);
}

function words(list: unknown): readonly string[] {
  if (!Array.isArray(list)) return [];
  return list.map((item: { String?: { sval?: string } }) => item.String?.sval ?? "");
}

/** The tables that a statement reads and writes. */
function namesOf(tree: unknown): readonly string[] {
  return nodesOf(tree).flatMap(([, { relname }]) => (typeof relname === "string" ? [relname] : []));
}

/** What PostgreSQL would look for along the path. Tables of ours are found along it, as the history is. */
function unqualified(tree: unknown): readonly string[] {
  return nodesOf(tree).flatMap(([kind, node]) => {
    const one = (list: unknown) => {
      const names = words(list);
      return names.length === 1 ? [`${kind} ${names[0]}`] : [];
    };
    switch (kind) {
      case "A_Expr":
        return one(node.name);
      case "FuncCall":
        return one(node.funcname);
      case "SubLink":
        return node.subLinkType === "ANY_SUBLINK" && node.operName === undefined
          ? ["IN"]
          : one(node.operName);
      case "typeName":
      case "TypeName":
        return one(node.names);
      case "CaseExpr":
        return node.arg === undefined ? [] : ["CASE of a value"];
      case "JoinExpr":
        return node.usingClause === undefined && node.isNatural !== true ? [] : ["JOIN USING"];
      case "RangeVar":
        return /^pg_/.test(String(node.relname)) && node.schemaname === undefined
          ? [`table ${String(node.relname)}`]
          : [];
      default:
        return [];
    }
  });
}
