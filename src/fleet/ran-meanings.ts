/** Reads the migrations that have run on any tenant, once for each of their meanings. */
import type { Session } from "../adapters/adapter.ts";
import {
  type AppliedMigration,
  type MigrationFile,
  versionFromDigits,
} from "../core/model/migration.ts";
import { underFiles, versionNumber } from "../core/model/version-key.ts";
import { unlessMissing } from "./registry.ts";
import type { FleetTables } from "./tables.ts";

/** Gives them under the versions of the files; leaves out rows without a meaning. */
export async function readMeanings(
  session: Session,
  { history }: FleetTables,
  files: readonly MigrationFile[],
): Promise<readonly AppliedMigration[]> {
  const { quote: q, castToText, quoteNamed } = session.dialect;
  const others = ["checksum", "meaning", "migration_id"].map(q).join(", ");
  const rows = await unlessMissing(session, () =>
    session.query(
      `SELECT ${castToText(q("version"))} AS ${q("digits")}, ${others} FROM ${quoteNamed(history)} WHERE ${q("meaning")} IS NOT NULL GROUP BY ${q("version")}, ${others}`,
    ),
  );
  const text = (value: unknown) => (typeof value === "string" ? value : undefined);
  const applied = rows.map(
    (row): AppliedMigration => ({
      version: text(row.migration_id) ?? versionFromDigits(String(row.digits)),
      checksum: text(row.checksum),
      meaning: text(row.meaning),
    }),
  );
  return underFiles(applied, files);
}

/** The tenants on which it ran with this meaning. */
export async function readTenantsWith(
  session: Session,
  { history }: FleetTables,
  { version, rowNumber, meaning, checksum }: AppliedMigration,
): Promise<readonly string[]> {
  const { quote: q, quoteNamed, operator, literal } = session.dialect;
  const is = operator("=");
  const same = checksum === undefined ? "IS NULL" : `${is} ${literal(checksum)}`;
  const rows = await session.query(
    `SELECT ${q("tenant")} FROM ${quoteNamed(history)} WHERE ${q("version")} ${is} ${rowNumber ?? versionNumber(version)} AND ${q("meaning")} ${is} ${literal(meaning ?? "")} AND ${q("checksum")} ${same}`,
  );
  return rows.map(({ tenant }) => String(tenant));
}
