/** What a database with a schema for each tenant asks for: how one is claimed, and how work is done in it. */
import type { Named } from "../model/named.ts";

export type TenantClaim = {
  /** The table with a row for each tenant. */
  readonly tenants: Named;
  readonly tenant: string;
  /** What the tenant must have, as its row says it. */
  readonly versions: string;
  /** Whether one that is left alone is taken all the same. */
  readonly quarantined: boolean;
  /** Schemas in which names are looked for behind the tenant's own. */
  readonly searchPath: readonly string[];
};

/** Why a claim was refused: another has the tenant or had it since; its schema is not there. */
export type TenantRefusal = "not_free" | "schema_missing";

export interface TenantSql {
  /** A query for the `schema` that a connection works in. */
  readonly here: string;
  /**
   * In a transaction: keeps the tenant's row until its end, waits for nobody, and lets names mean what is in the tenant's
   * schema. Fails when the row is another's, or says something else by now, or there is no such schema.
   */
  claim(claim: TenantClaim): string;
  /** Lets names mean that again, where SQL of the user's may have changed it. */
  enter(tenant: string, searchPath: readonly string[]): string;
  /** What the failure of a claim means, by its message; `undefined` for any other failure. */
  refusalOf(message: string): TenantRefusal | undefined;
  /** Ends an INSERT of rows of which some may be there: those are left as they are. */
  readonly ifNew: string;
  /** Makes the schema, unless it is there. */
  create(tenant: string): string;
  /** Drops it with all that is in it, if it is there. */
  drop(tenant: string): string;
  /** A query for whether it is `there`. */
  isThere(tenant: string): string;
  /** A query for how many connections more the server would bear now, as `free`. */
  readonly room: string;
}
