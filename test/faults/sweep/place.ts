/** Databases to kill migrations on, and what can be seen in them afterwards. */
import { randomBytes } from "node:crypto";
import { copyFileSync, existsSync } from "node:fs";
import { join } from "node:path";
import type { Adapter, Row, Session } from "../../../src/adapters/adapter.ts";
import { mysql } from "../../../src/adapters/mysql/index.ts";
import { postgres } from "../../../src/adapters/postgres/index.ts";
import { sqlite } from "../../../src/adapters/sqlite/index.ts";
import { readCatalog } from "../../support/catalog.ts";
import { asSuperuser, copyDatabase } from "../../support/postgres.ts";
import type { Bundle } from "./bundle.ts";
import type { SweepCase } from "./cases.ts";
import { runCase, type SweepDirection } from "./release-of.ts";
import { behindProxy, countingItself, type Run } from "./run-child.ts";

export type Place = {
  readonly url: string;
  readonly adapter: Adapter;
  query(sql: string): Promise<readonly Row[]>;
  drop(): Promise<void>;
};

/** A server that gives as many equal databases as are wanted. */
export type Ground = {
  /** Runs a case in a process of its own, and kills that at a boundary. */
  readonly run: Run;
  /** Gives databases as they are before a run of the case. */
  prepare(
    one: SweepCase,
    direction: SweepDirection,
  ): Promise<{ fresh(): Promise<Place>; drop(): Promise<void> }>;
};

/** Databases are copies of a template, which is made once. */
export function postgresGround(serverUrl: string, bundle: Bundle): Ground {
  const create = async (from: string): Promise<Place> => {
    const name = `sweep_${randomBytes(6).toString("hex")}`;
    await copyDatabase(serverUrl, from, name);
    const url = withDatabase(serverUrl, name);
    const drop = async () =>
      void (await asSuperuser(serverUrl, `DROP DATABASE ${name} WITH (FORCE)`));
    return placeOf(url, postgres({ url }), drop);
  };
  return {
    run: behindProxy("postgres", bundle),
    prepare: async (one, direction) => {
      const template = await create("template0");
      await make(template, one, direction);
      const name = new URL(template.url).pathname.slice(1);
      return { fresh: () => create(name), drop: template.drop };
    },
  };
}

/** Each database is made from the beginning. */
export function mysqlGround(serverUrl: string, bundle: Bundle): Ground {
  return {
    run: behindProxy("mysql", bundle),
    prepare: async (one, direction) => ({
      fresh: async () => {
        const name = `sweep_${randomBytes(6).toString("hex")}`;
        const url = withDatabase(serverUrl, name);
        const adapter = mysql({ url });
        await adapter.storage?.create();
        const drop = async () => void (await adapter.storage?.drop({ force: true }));
        const place = placeOf(url, adapter, drop);
        await make(place, one, direction);
        return place;
      },
      drop: async () => undefined,
    }),
  };
}

/** Databases are copies of a file. */
export function sqliteGround(folder: string, bundle: Bundle): Ground {
  const placeAt = (path: string): Place => {
    const adapter = sqlite({ path });
    return placeOf(path, adapter, async () => void (await adapter.storage?.drop()));
  };
  const newPath = () => join(folder, `sweep_${randomBytes(6).toString("hex")}.db`);
  return {
    run: countingItself(bundle),
    prepare: async (one, direction) => {
      const template = placeAt(newPath());
      await make(template, one, direction);
      const fresh = async () => {
        const place = placeAt(newPath());
        if (existsSync(template.url)) copyFileSync(template.url, place.url);
        return place;
      };
      return { fresh, drop: template.drop };
    },
  };
}

async function make(place: Place, one: SweepCase, direction: SweepDirection): Promise<void> {
  for (const sql of one.before) await place.query(sql);
  if (direction === "down") await runCase(one, place.adapter, "up");
}

function placeOf(url: string, adapter: Adapter, drop: () => Promise<void>): Place {
  return { url, adapter, query: (sql) => once(adapter, sql), drop };
}

function withDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
}

async function once(adapter: Adapter, sql: string): Promise<readonly Row[]> {
  return withSession(adapter, (session) => session.query(sql));
}

export async function withSession<Result>(
  adapter: Adapter,
  work: (session: Session) => Promise<Result>,
): Promise<Result> {
  const session = await adapter.open({ role: "work", application: "test" });
  try {
    return await work(session);
  } finally {
    await session.close();
  }
}

/** All that a run may change: the catalog, the rows of the user's tables, and what Slipway writes down. */
export type State = {
  readonly catalog: { readonly [object: string]: unknown };
  readonly rows: { readonly [table: string]: readonly string[] };
  readonly history: readonly string[];
  readonly journal: readonly Row[];
  /** Of what came to its end: once each, however often it was tried. */
  readonly events: readonly string[];
};

export async function stateOf(adapter: Adapter, database: string, data = false): Promise<State> {
  return withSession(adapter, async (session) => {
    // A run that was killed before it could keep the schema has kept none, and verify --schema says so.
    const catalog = Object.fromEntries(
      Object.entries(await catalogOf(session, database)).filter(
        ([key]) => !key.includes("slipway_schema"),
      ),
    );
    const tables = Object.keys(catalog)
      .filter((key) => /^(base )?table /.test(key))
      .map((key) => key.split(/[ .]/).at(-1) ?? "");
    const rows: { [table: string]: readonly string[] } = {};
    for (const table of tables.filter((name) => !own.has(name)))
      rows[table] = (await session.query(`SELECT * FROM ${table}`))
        .map((row) => JSON.stringify(row))
        .sort();
    const history = data ? "data_migrations" : "schema_migrations";
    return {
      catalog,
      rows,
      history: tables.includes(history)
        ? (await session.query(`SELECT version FROM ${history} ORDER BY version`)).map((row) =>
            String(row.version),
          )
        : [],
      journal: tables.includes("slipway_journal")
        ? await session.query("SELECT version, position, state FROM slipway_journal")
        : [],
      events: tables.includes("slipway_events")
        ? (await session.query(endings)).map((row) => `${row.version} ${row.result}`)
        : [],
    };
  });
}

const endings =
  "SELECT version, result FROM slipway_events WHERE result IN ('applied', 'rolled_back') ORDER BY id";

const own: ReadonlySet<string> = new Set([
  "schema_migrations",
  "data_migrations",
  "slipway_lock",
  "slipway_journal",
  "slipway_events",
  "slipway_schema",
]);

/** MySQL's catalog is that of the whole server. */
async function catalogOf(session: Session, database: string): Promise<State["catalog"]> {
  const catalog = await readCatalog(session);
  if (session.dialect.name !== "mysql") return catalog;
  return Object.fromEntries(
    Object.entries(catalog)
      .filter(([key]) => key.includes(` ${database}.`))
      .map(([key, facts]) => [
        key.replace(`${database}.`, ""),
        JSON.parse(JSON.stringify(facts).replaceAll(database, "")),
      ]),
  );
}
