/** The methods of a release for single tenants. */
import type { CreatedTenant, DroppedTenant } from "./create-tenant.ts";

/** Makes tenants, and drops them. */
export interface TenantCommands<RepoName extends string = string> {
  /**
   * A new tenant at the current version: its schema and all migrations of tenants, as one transaction.
   *
   * @throws {ReleaseError} `tenants_not_there`, `tenants_invalid`, `tenants_failed`
   */
  createTenant(repo: RepoName, tenant: string): Promise<CreatedTenant>;

  /** Drops a tenant's schema with all that is in it, and forgets what ran there. */
  dropTenant(repo: RepoName, tenant: string): Promise<DroppedTenant>;
}
