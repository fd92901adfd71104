/** The schema of a PostgreSQL database, read in a few queries whatever its size. */
import type { SchemaCatalog, SchemaObject } from "../../../core/catalog/catalog.ts";
import type { CatalogAccess, CatalogQuery } from "../../../core/catalog/catalog-access.ts";
import { compareIds } from "../../../core/catalog/order.ts";
import { ReleaseError } from "../../../core/model/errors.ts";
import type { Row } from "../../adapter.ts";
import { stringLiteral } from "../literal.ts";
import { namingDenied } from "./denied.ts";
import { namingLocks, type Patience } from "./locked.ts";
import { columnsOf, objectOf, type ReadObject } from "./objects.ts";
import { policiesSql, routinesSql, triggersSql, typesSql } from "./read-code.ts";
import { rareSql } from "./read-rare.ts";
import {
  columnsSql,
  constraintsSql,
  indexesSql,
  onlyIn,
  sequencesSql,
  tablesSql,
  viewsSql,
} from "./read-relations.ts";
import {
  aliasesSql,
  leftOutSql,
  membersSql,
  multirangesSql,
  needsSql,
  plainSqls,
} from "./read-rest.ts";
import { type SomeKind, someKinds, thereSql } from "./there.ts";

/**
 * All that was made in the database, as one moment has it. Definitions are as the server writes them, whatever the
 * settings of the connection. Not inside a transaction.
 *
 * @throws {ReleaseError} `schema_too_old`, `schema_locked`, `schema_denied`
 */
export function readPostgresCatalog(query: CatalogQuery): Promise<SchemaCatalog> {
  return namingDenied(query, () => namingLocks(query, toWrite, () => readAll(query)));
}

/** https://www.postgresql.org/support/versioning/: catalogs of older servers lack columns that are read. */
const oldest = 13;

async function readAll(query: CatalogQuery): Promise<SchemaCatalog> {
  await query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
  try {
    await query(settings({ lock_timeout: `${toWrite.waitMs}` }));
    const { major, there } = await factsOf(query);
    if (major < oldest)
      throw new ReleaseError("schema_too_old", {
        server: `PostgreSQL ${major}`,
        oldest: `${oldest}`,
      });
    const { found, leftOut } = await readFound(query, { major, there, before: "" });
    const known = new Known(found);
    await known.read(query, major);
    return sorted(
      found.map(({ object, key }) => withNeeds(object, key, known)),
      leftOut,
    );
  } finally {
    await query("ROLLBACK");
  }
}

/**
 * The same without what needs what, in two round trips; `undefined` where there are more tables than `upTo`. Leaves
 * the settings of the connection as they are.
 */
export async function readPostgresFacts(
  query: CatalogQuery,
  upTo: number,
): Promise<SchemaCatalog | undefined> {
  // Statements that are sent at once are a transaction, and their settings end with it.
  const before = settings({ lock_timeout: `${toCompare.waitMs}` });
  const read = async () => {
    const { major, tables, there } = await factsOf(query, before);
    return tables > upTo ? undefined : readFound(query, { major, there, before });
  };
  const all = await namingDenied(query, () => namingLocks(query, toCompare, read));
  if (all === undefined) return undefined;
  const { found, leftOut } = all;
  const none = new Known([]);
  return sorted(
    found.map(({ object, key }) => withNeeds(object, key, none)),
    leftOut,
  );
}

/** The same two for one schema. */
export function readPostgresWithin(schema: string): Pick<CatalogAccess, "read" | "facts"> {
  const name = stringLiteral(schema);
  const within =
    (query: CatalogQuery): CatalogQuery =>
    (sql) =>
      query(onlyIn(sql, name));
  return {
    read: (query) => readPostgresCatalog(within(query)),
    facts: (query, upTo) => readPostgresFacts(within(query), upTo),
  };
}

/**
 * Decides for the rest of the transaction whose operators, functions and types are meant below, and
 * how the server writes names and values. Every query of this folder that reads comes after it, and
 * names nothing by its schema.
 */
const settings = (more: Readonly<Record<string, string>> = {}) =>
  `SELECT ${Object.entries({
    search_path: "pg_catalog, pg_temp",
    quote_all_identifiers: "off",
    intervalstyle: "postgres",
    datestyle: "ISO, YMD",
    extra_float_digits: "3",
    bytea_output: "hex",
    row_security: "off",
    ...more,
  })
    .map(([name, value]) => `pg_catalog.set_config('${name}', '${value}', true)`)
    .join(", ")};\n`;

const toWrite: Patience = { waitMs: 10_000 };
/** Nobody waits long for a mere comparison. */
const toCompare: Patience = { waitMs: 2_000 };

async function factsOf(query: CatalogQuery, before = "") {
  const [row] = await query(
    `${before}SELECT current_setting('server_version_num') AS version, (SELECT count(*) FROM pg_class WHERE relkind IN ('r', 'p')) AS tables,
  ${thereSql} AS there`.replace(/\n\s+/g, "\n"),
  );
  const there = new Set(String(row?.there).split(",") as SomeKind[]);
  return { major: Math.floor(Number(row?.version) / 10_000), tables: Number(row?.tables), there };
}

type Wanted = {
  readonly major: number;
  readonly there: ReadonlySet<SomeKind>;
  /** Sent in front of each query. */
  readonly before: string;
};

async function readFound(query: CatalogQuery, { major, there, before }: Wanted) {
  const rows = await query(before + everything(major, there));
  const rare = there.has("rare") ? await query(before + rareSql(major)) : [];
  return foundIn([...rows, ...rare.map((row) => ({ ...row, kind: "plain" }))]);
}

function foundIn(rows: readonly Row[]): {
  readonly found: readonly ReadObject[];
  readonly leftOut: readonly string[];
} {
  const columns = columnsOf(rows.filter(({ kind }) => kind === "columns"));
  return {
    found: rows
      .filter(({ kind }) => !["columns", "left"].includes(String(kind)))
      .map((row) => objectOf(String(row.kind), row, columns)),
    leftOut: rows.filter(({ kind }) => kind === "left").map(({ facts }) => String(facts)),
  };
}

function sorted(objects: readonly SchemaObject[], leftOut: readonly string[]): SchemaCatalog {
  return {
    objects: [...objects].sort((a, b) => compareIds(a.id, b.id)),
    leftOut: [...leftOut].sort(compareIds),
  };
}

/** The query for each kind. A kind that is not in `SomeKind` is in every database. */
const queries = (
  major: number,
): Readonly<Record<string, readonly [kind: string, sql: string]>> => ({
  columns: ["columns", columnsSql(major)],
  ...Object.fromEntries(
    Object.entries(plainSqls(major)).map(([name, sql]) => [name, ["plain", sql] as const]),
  ),
  type: ["type", typesSql(major)],
  table: ["table", tablesSql],
  sequence: ["sequence", sequencesSql],
  index: ["index", indexesSql(major)],
  constraint: ["constraint", constraintsSql(major)],
  view: ["view", viewsSql],
  routine: ["routine", routinesSql],
  trigger: ["trigger", triggersSql],
  policy: ["policy", policiesSql],
});

/** All kinds that are there in one statement. */
function everything(major: number, there: ReadonlySet<SomeKind>): string {
  const wanted = Object.entries(queries(major)).filter(
    ([name]) => !someKinds.has(name) || there.has(name as SomeKind),
  );
  const parts = wanted.map(
    ([name, [kind, sql]]) =>
      `SELECT '${kind}' AS kind, class, oid, facts, ${kind === "type" ? "relation" : "NULL"}::text AS relation FROM (${sql}) ${name}_`,
  );
  const left = `SELECT 'left', NULL, NULL, name, NULL FROM (${leftOutSql}) left_`;
  return (
    [...parts, ...(there.has("left") ? [left] : [])]
      .join("\nUNION ALL\n")
      // It is sent by each run.
      .replace(/\n\s+/g, "\n")
  );
}

/** Whom the server's numbers mean, and what needs what. */
class Known {
  readonly #ids: Map<string, string>;
  readonly #aliases = new Map<string, string>();
  readonly #needs = new Map<string, Set<string>>();

  constructor(found: readonly ReadObject[]) {
    this.#ids = new Map(found.map(({ key, object }) => [key, object.id]));
  }

  async read(query: CatalogQuery, major: number): Promise<void> {
    const aliases = [
      ...(await query(aliasesSql)),
      ...(major >= 14 ? await query(multirangesSql) : []),
    ];
    for (const row of aliases)
      this.#aliases.set(keyOf(row.class, row.oid), keyOf(row.of_class, row.of_oid));
    for (const row of await query(membersSql))
      this.#aliases.set(keyOf(row.class, row.oid), keyOf("pg_extension", row.extension));
    for (const { key, needs } of await query(needsSql(major)))
      this.#add(String(key), String(needs));
  }

  #add(key: string, needed: string): void {
    const by = this.#meant(key);
    const own = this.#ids.get(by);
    for (const one of needed.split(",")) {
      const id = this.#ids.get(this.#meant(one));
      if (id === undefined || id === own) continue;
      const needs = this.#needs.get(by) ?? new Set();
      this.#needs.set(by, needs.add(id));
    }
  }

  #meant(key: string): string {
    let meant = key;
    // An array of the rows of a table is known by its element, which is known by its table.
    for (let next = this.#aliases.get(meant); next !== undefined; next = this.#aliases.get(meant))
      meant = next;
    return meant;
  }

  needsOf(key: string): readonly string[] {
    return [...(this.#needs.get(this.#meant(key)) ?? [])].sort(compareIds);
  }
}

function keyOf(classOf: unknown, oid: unknown): string {
  return `${classOf} ${oid}`;
}

/** A sequence that goes with a column is there before it, for the column's default names it. */
function withNeeds(object: SchemaObject, key: string, known: Known): SchemaObject {
  const needs = known.needsOf(key);
  if (object.kind === "sequence" && object.ownedBy !== undefined) {
    const { prefix, name } = object.ownedBy.table;
    return { ...object, needs: needs.filter((id) => id !== `table ${prefix}.${name}`) };
  }
  if (object.kind !== "table") return { ...object, needs };
  const columns = object.columns.map((column) => {
    const { expressionKey, ...rest } = column as typeof column & { expressionKey?: string };
    if (expressionKey === undefined) return rest;
    const wants = known.needsOf(expressionKey).filter((id) => id !== object.id);
    if (rest.generated !== undefined)
      return { ...rest, generated: { ...rest.generated, needs: wants } };
    return rest.default === undefined
      ? rest
      : { ...rest, default: { ...rest.default, needs: wants } };
  });
  return { ...object, columns, needs };
}
