/** How a repo says that it is many. */

/** What a function of tenants asks the shared database with. */
export type TenantDatabase = {
  /** Runs one query and gives its rows. */
  query<Row = Record<string, unknown>>(
    sql: string,
    parameters?: readonly unknown[],
  ): Promise<readonly Row[]>;
};

/**
 * The tenants of a repo, each with a schema of its name: a list of names, or a function that asks the database for them,
 * whenever they are needed.
 */
export type TenantsOption = readonly string[] | SchemaTenants;

/** A schema for each tenant. */
export type SchemaTenants = {
  readonly schemas:
    | readonly string[]
    | ((db: TenantDatabase) => readonly string[] | Promise<readonly string[]>);
  /**
   * Schemas in which a name of a tenant's migration is looked for behind the tenant's own: those of extensions, or of
   * tables that all share. Default: none, so that nothing of a tenant can be taken for something of another.
   */
  readonly searchPath?: readonly string[];
};
