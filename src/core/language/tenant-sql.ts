/**
 * The SQL of a database with a schema for each tenant: how to claim a tenant, and how to work in
 * its schema.
 */
import type { Named } from "../model/named.ts";

export type TenantClaim = {
  /** The table with a row for each tenant. */
  readonly tenants: Named;
  /** The key of the versions that the tenant's row must hold. */
  readonly versions: string;
  /** Whether it takes a quarantined tenant all the same. */
  readonly quarantined: boolean;
};

/**
 * The record of a tenant's migration, for the statement that claims it, because nothing after it
 * can undo that and stay.
 */
export type TenantRecord = {
  /** The settings of the transaction, as statements. */
  readonly settings: readonly string[];
  /** The new values of the tenant's row: SQL by column. */
  readonly sets: Readonly<Record<string, string>>;
  readonly history: Named;
  readonly columns: readonly string[];
  /** The values of these columns, in SQL. */
  readonly rows: readonly (readonly string[])[];
};

/** Why a claim was refused: another has the tenant or had it since; its schema is not there. */
export type TenantRefusal = "not_free" | "schema_missing";

export interface TenantSql {
  /** A query for the `schema` that a connection works in. */
  readonly here: string;
  /**
   * In a transaction: keeps the tenant's row until its end, and waits for nobody. Fails when the row is another's, or says
   * something else by now, or there is no schema of the tenant. `name` is the tenant's as a literal, or stands for it.
   */
  claim(name: string, claim: TenantClaim): string;
  /**
   * The same with the settings and the rows of the transaction in it: one statement instead of
   * five. `undefined` where it cannot contain a setting of some kind.
   */
  claimAndRecord(name: string, claim: TenantClaim, record: TenantRecord): string | undefined;
  /** In a transaction: lets the server end it where the process stands still for too long. A claim does so too. */
  readonly silence: string;
  /** From here to the end of the transaction, names mean objects in the tenant's schema. */
  enter(tenant: string, searchPath: readonly string[]): string;
  /** The meaning of a claim's failure, by its message; `undefined` for any other failure. */
  refusalOf(message: string): TenantRefusal | undefined;
  /** This UPDATE, and for each row that it changes a row in another table: SQL by column. It counts as many as were changed. */
  withRow(update: string, table: Named, values: Readonly<Record<string, string>>): string;
  /** Ends an INSERT so that it leaves existing rows as they are. */
  readonly ifNew: string;
  /** Makes the schema, unless it is there. */
  create(tenant: string): string;
  /** Drops it with all that is in it, if it is there. */
  drop(tenant: string): string;
  /** A query for whether it is `there`. */
  isThere(tenant: string): string;
  /** A query for how many connections more the server would bear now, as `free`. */
  readonly room: string;
  /** A query for the newest run in a history of tenants: how many `tenants` one process migrated in how many `seconds`. */
  pace(history: Named): string;
}
