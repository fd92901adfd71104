/** The place of a repo's tenants, and the run that works on them. */
import type { Session } from "../adapters/adapter.ts";
import type { TenantSql } from "../core/language/tenant-sql.ts";
import type { LockPolicySettings } from "../core/model/lock-policy.ts";
import type { Edge } from "../engine/events.ts";
import type { RunFacts } from "../engine/run-facts.ts";
import type { HistoryOfTenant } from "./own-rows.ts";
import type { FleetTables } from "./tables.ts";

export type FleetContext = {
  readonly repo: string;
  readonly tables: FleetTables;
  readonly sql: TenantSql;
  /**
   * The history that each tenant has in its schema too, which a run also writes. Default: none has
   * one.
   */
  readonly own?: HistoryOfTenant;
  /** Schemas in which names are looked for behind a tenant's own. */
  readonly searchPath: readonly string[];
  /** The lock policies of the repo and of the command. */
  readonly policies: {
    readonly repo: LockPolicySettings;
    readonly command: LockPolicySettings | undefined;
  };
  readonly facts: RunFacts;
  readonly edge: Edge;
  /** Another connection to the database. */
  readonly open: () => Promise<Session>;
};
