/** Reads the tables of a fleet: who has which migrations, and who is left alone. */
import type { Row, Session } from "../adapters/adapter.ts";
import {
  type AppliedMigration,
  type MigrationFile,
  type Version,
  versionFromDigits,
} from "../core/model/migration.ts";
import type { Named } from "../core/model/named.ts";
import { underFiles } from "../core/model/version-key.ts";
import { areWhole, ensureOwnTable } from "../engine/own-table.ts";
import { settingUp } from "../engine/set-up.ts";
import type { FleetContext } from "./fleet-context.ts";
import { type FleetTables, ownFleetTables } from "./tables.ts";
import { versionsKey } from "./versions.ts";

/** The row of a tenant. */
export type TenantState = {
  /** The key of the versions that have run on it. */
  readonly versions: string;
  /** Whether it failed, and is left alone until somebody says otherwise. */
  readonly quarantined: boolean;
};

/** A tenant without a row: nothing has run on it. */
export const untouched: TenantState = { versions: versionsKey([]), quarantined: false };

/** Every tenant that has a row, in one query. No table means that none has. */
export async function readTenants(
  session: Session,
  { tenants }: FleetTables,
): Promise<ReadonlyMap<string, TenantState>> {
  const { quote: q, quoteNamed } = session.dialect;
  const rows = await unlessMissing(session, () =>
    session.query(
      `SELECT ${q("tenant")}, ${q("versions")}, ${q("state")} FROM ${quoteNamed(tenants)}`,
    ),
  );
  // Ten thousand tenants have few different keys: keep one text for each key.
  const known = new Map<string, TenantState>();
  return new Map(
    rows.map((row): [string, TenantState] => {
      const key = `${row.versions} ${row.state}`;
      const state = known.get(key) ?? {
        versions: String(row.versions),
        quarantined: row.state === "quarantined",
      };
      known.set(key, state);
      return [String(row.tenant), state];
    }),
  );
}

/** The migrations that have run on one tenant, under the versions of the files. */
export async function readTenantHistory(
  session: Session,
  { history }: FleetTables,
  { tenant, files }: { readonly tenant: string; readonly files: readonly MigrationFile[] },
): Promise<readonly AppliedMigration[]> {
  const { dialect } = session;
  const { quote: q, castToText, operator } = dialect;
  const columns = [
    `${castToText(q("version"))} AS ${q("version")}`,
    `${dialect.timeToText(q("inserted_at"))} AS ${q("inserted_at")}`,
    ...["name", "checksum", "meaning", "phase", "compatible_from", "migration_id"].map(q),
  ];
  const rows = await unlessMissing(session, () =>
    session.query(
      `SELECT ${columns.join(", ")} FROM ${dialect.quoteNamed(history)} WHERE ${q("tenant")} ${operator("=")} ${dialect.literal(tenant)}`,
    ),
  );
  return underFiles(rows.map(appliedTo), files);
}

function appliedTo(row: Row): AppliedMigration {
  const text = (name: string) => (typeof row[name] === "string" ? row[name] : undefined);
  const { phase } = row;
  const id = text("migration_id");
  return {
    version: id ?? versionFromDigits(String(row.version)),
    name: text("name"),
    checksum: text("checksum"),
    meaning: text("meaning"),
    phase: phase === "before" || phase === "after" ? phase : undefined,
    compatibleFrom: text("compatible_from"),
    ...(text("inserted_at") === undefined
      ? {}
      : { appliedAt: new Date(`${text("inserted_at")?.replace(" ", "T")}Z`) }),
  };
}

/** Makes the tables that are missing. Several processes may do so at once. @throws {ReleaseError} `setup_refused` */
export async function ensureFleet(session: Session, context: FleetContext): Promise<void> {
  const own = ownFleetTables(context.tables.history);
  const tables = own.map(({ table }): Named => table);
  if (await areWhole(session, own)) return;
  const doing = `make ${tables.map(({ name }) => name).join(", ")}`;
  await settingUp(session, { repo: context.repo, tables, doing }, async () => {
    for (const one of own) {
      const made = await ensureOwnTable(session, one);
      for (const { sql } of made)
        context.edge.emit({ type: "sql", repo: context.repo, by: "migrator", sql });
    }
  });
}

/** Gives each of these tenants a row that says that nothing has run on it, unless it has one. */
export async function registerTenants(
  session: Session,
  { tables, sql }: Pick<FleetContext, "tables" | "sql">,
  names: readonly string[],
): Promise<void> {
  const { quote: q, quoteNamed, literal } = session.dialect;
  const into = `INSERT INTO ${quoteNamed(tables.tenants)} (${["tenant", "versions", "state"].map(q).join(", ")})`;
  for (let i = 0; i < names.length; i += mostRows) {
    const rows = names
      .slice(i, i + mostRows)
      .map((name) => `(${literal(name)}, ${literal(untouched.versions)}, 'ready')`);
    await session.query(`${into} VALUES ${rows.join(", ")}${sql.ifNew}`);
  }
}

const mostRows = 1_000;

/** The versions of a history, as its key is made of them. */
export function versionsIn(applied: readonly AppliedMigration[]): readonly Version[] {
  return applied.map(({ version }) => version);
}

/** A read of tables that are not there yet finds nothing. */
export async function unlessMissing(
  session: Session,
  read: () => Promise<readonly Row[]>,
): Promise<readonly Row[]> {
  try {
    return await read();
  } catch (error) {
    if (session.errorKind(error) === "table_missing") return [];
    throw error;
  }
}
