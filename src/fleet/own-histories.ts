/** Histories that tenants have in their own schemas, as Ecto, Rails and Apartment keep them: they count, and the central tables follow them. */
import type { Session } from "../adapters/adapter.ts";
import type { Dialect } from "../core/language/dialect.ts";
import {
  type AppliedMigration,
  type MigrationFile,
  type Version,
  versionFromDigits,
} from "../core/model/migration.ts";
import { underFiles, versionNumber } from "../core/model/version-key.ts";
import type { HistoryOfTenant } from "./own-rows.ts";
import {
  readTenantHistory,
  readTenants,
  type TenantState,
  unlessMissing,
  untouched,
} from "./registry.ts";
import type { FleetTables } from "./tables.ts";
import { newestOf, versionsKey } from "./versions.ts";

/**
 * The versions that have run on each tenant: by its own history, where tenants have one. Without
 * that table, nothing has run.
 */
export async function readStates(
  session: Session,
  tables: FleetTables,
): Promise<ReadonlyMap<string, TenantState>> {
  const central = await readTenants(session, tables);
  const { own } = tables;
  if (own === undefined) return central;
  const found = await readOwn(session, own);
  const known = new Map<string, TenantState>();
  const stateOf = (tenant: string): TenantState => {
    const versions = found.get(tenant)?.key ?? untouched.versions;
    const quarantined = central.get(tenant)?.quarantined ?? false;
    const key = `${versions} ${quarantined}`;
    const state = known.get(key) ?? { versions, quarantined };
    known.set(key, state);
    return state;
  };
  return new Map(
    [...new Set([...central.keys(), ...found.keys()])].map((tenant) => [tenant, stateOf(tenant)]),
  );
}

/** The migrations that have run on one tenant, with the central history's facts about them. */
export async function readAppliedOn(
  session: Session,
  tables: FleetTables,
  { tenant, files }: { readonly tenant: string; readonly files: readonly MigrationFile[] },
): Promise<readonly AppliedMigration[]> {
  const central = await readTenantHistory(session, tables, { tenant, files });
  const { own } = tables;
  if (own === undefined) return central;
  const { quote: q, quoteNamed, castToText } = session.dialect;
  const rows = await unlessMissing(session, () =>
    session.query(
      `SELECT ${castToText(q("version"))} AS ${q("version")} FROM ${quoteNamed({ name: own, prefix: tenant })}`,
    ),
  );
  const known = new Map(central.map((one) => [versionNumber(one.version), one]));
  const applied = rows.map(({ version }): AppliedMigration => {
    const digits = String(version);
    return known.get(digits) ?? { version: versionFromDigits(digits) };
  });
  return underFiles(applied, files);
}

/**
 * Finds the kind of the present tables: Ecto's where there are none yet. `shared` is the schema of the migrations of
 * all.
 */
export async function ownHistoryOf(
  session: Session,
  name: string,
  shared: string,
): Promise<HistoryOfTenant> {
  const rows = await session.query(session.dialect.tableColumnsSql([name]));
  const tables = Map.groupBy(rows, (row) => String(row.table_schema));
  tables.delete(shared);
  const hasTime = [...tables.values()].some(isWithTime);
  return { name, hasTime: tables.size === 0 || hasTime };
}

/**
 * Makes the rows of these tenants in the central tables say what their own histories say, where another tool has changed
 * those. A tenant that a process has changed meanwhile is left as that one wrote it down.
 */
export async function followOwn(
  session: Session,
  tables: FleetTables,
  tenants: readonly string[],
): Promise<void> {
  const { own } = tables;
  if (own === undefined) return;
  const central = await readTenants(session, tables);
  const found = await readOwn(session, own);
  const differing = tenants.flatMap((tenant) => {
    const was = (central.get(tenant) ?? untouched).versions;
    const { key, versions } = found.get(tenant) ?? nothing;
    return was === key ? [] : [{ tenant, was, key, versions }];
  });
  const groups = Map.groupBy(differing, ({ was, key }) => `${was} ${key}`);
  for (const group of groups.values())
    for (let i = 0; i < group.length; i += mostNames) {
      const names = group.slice(i, i + mostNames).map(({ tenant }) => tenant);
      await session.query(followSql(session.dialect, tables, { ...group[0]!, names }));
    }
}

type Followed = {
  readonly names: readonly string[];
  readonly was: string;
  readonly key: string;
  readonly versions: readonly Version[];
};

function followSql(
  dialect: Dialect,
  { tenants, history }: FleetTables,
  { names, was, key, versions }: Followed,
): string {
  const { quoteNamed, literal, operator, isOneOf } = dialect;
  const is = operator("=");
  const set = `versions = ${literal(key)}, newest = ${newestOf(versions)}`;
  const chosen = isOneOf!("tenant", names.map(literal));
  const numbers = versions.map(versionNumber);
  const kept = numbers.length === 0 ? "" : ` AND NOT (${isOneOf!("gone.version", numbers)})`;
  const changed = `UPDATE ${quoteNamed(tenants)} SET ${set} WHERE ${chosen} AND versions ${is} ${literal(was)} RETURNING tenant`;
  const at = quoteNamed(history);
  const gone = `DELETE FROM ${at} gone USING changed WHERE gone.tenant ${is} changed.tenant${kept}`;
  if (numbers.length === 0) return `WITH changed AS (${changed}) ${gone}`;
  const rows = numbers.map((number) => `(${number})`).join(", ");
  const more = `INSERT INTO ${at} (tenant, version) SELECT changed.tenant, ran.* FROM changed, (VALUES ${rows}) AS ran ON CONFLICT DO NOTHING`;
  return `WITH changed AS (${changed}), gone AS (${gone}) ${more}`;
}

const mostNames = 500;

type Found = { readonly key: string; readonly versions: readonly Version[] };

const nothing: Found = { key: untouched.versions, versions: [] };

/** A server keeps few locks at once, and each table that is read takes some. */
const tablesInOneQuery = 200;

/** Found by one query over the catalog, and read by few. */
async function readOwn(session: Session, name: string): Promise<ReadonlyMap<string, Found>> {
  const { dialect } = session;
  const { quote: q, quoteNamed, castToText, literal } = dialect;
  const columns = await session.query(dialect.tableColumnsSql([name]));
  const schemas = columns.flatMap(({ table_schema, column_name }) =>
    column_name === "version" ? [String(table_schema)] : [],
  );
  const text = castToText(q("version"));
  const joined = dialect.joinRows?.(text) ?? text;
  const select = (schema: string) =>
    `SELECT ${literal(schema)} AS tenant, ${joined} AS versions FROM ${quoteNamed({ name, prefix: schema })}`;
  const found = new Map<string, Found>();
  // Ten thousand tenants have few different histories: keep each once.
  const known = new Map<string, Found>();
  for (let i = 0; i < schemas.length; i += tablesInOneQuery) {
    const some = schemas.slice(i, i + tablesInOneQuery).map(select);
    for (const { tenant, versions } of await session.query(some.join(" UNION ALL "))) {
      const digits = String(versions ?? "");
      const one = known.get(digits) ?? foundIn(digits);
      known.set(digits, one);
      found.set(String(tenant), one);
    }
  }
  return found;
}

function foundIn(digits: string): Found {
  const versions = digits === "" ? [] : digits.split(",").map(versionFromDigits);
  return { key: versionsKey(versions), versions };
}

function isWithTime(rows: readonly { readonly [name: string]: unknown }[]): boolean {
  return rows.some(({ column_name }) => column_name === "inserted_at");
}
