/** How a repo says that it is many. */

/** The shared database, as a function of tenants can query it. */
export type TenantDatabase = {
  /** Runs one query and gives its rows. */
  query<Row = Record<string, unknown>>(
    sql: string,
    parameters?: readonly unknown[],
  ): Promise<readonly Row[]>;
};

/**
 * The tenants of a repo. Each has a schema of its name: a list of names, or a function that asks the database for them,
 * whenever they are needed. Or each has a file, or a database.
 */
export type TenantsOption = readonly string[] | SchemaTenants | FileTenants | DatabaseTenants;

/**
 * A database for each tenant, with its own history and lock. The name of a tenant is what people
 * call it by.
 */
export type DatabaseTenants = {
  readonly databases: TenantAddresses | ((db: TenantDatabase) => Awaitable<TenantAddresses>);
};

/**
 * A file for each tenant, with its own history and lock: paths, or paths by the names of tenants.
 */
export type FileTenants = {
  readonly files: TenantFiles | ((db: TenantDatabase) => Awaitable<TenantFiles>);
};

/** Where the database of each tenant is, by its name: `{ acme: "postgres://…/acme" }`. */
export type TenantAddresses = { readonly [tenant: string]: string };

/** Where the file of each tenant is. A path in a list is the tenant's name too. */
export type TenantFiles = readonly string[] | TenantAddresses;

type Awaitable<Value> = Value | Promise<Value>;

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
  /**
   * Whose history counts. `"per-tenant"`: a table in each tenant's schema, called as the history of the repo is, as Ecto
   * with `prefix`, Rails and Apartment keep it; they may write it too, and each migration writes it in its transaction.
   * Default: `"central"`, one table for all.
   */
  readonly history?: "central" | "per-tenant";
};
