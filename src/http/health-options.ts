/** The options of `health`. */
export type HealthOptions = {
  /** For how long an answer about readiness is good, in milliseconds. Default: 1000. */
  readonly cacheMs?: number;
  /** How long a database may take to answer until that counts as not ready, in milliseconds. Default: 5000. */
  readonly timeoutMs?: number;
  /**
   * Count as ready also when the database has migrations that are too new for this release.
   * Default: `false`.
   */
  readonly allowNewer?: boolean;
  /**
   * A page that shows the pending migrations and has a button that runs them. Default: `false`.
   * Only for development: refused when `NODE_ENV` is `production`.
   */
  readonly migrationsPage?: boolean;
  /** The hosts that the page answers to, beside those of this machine: `["app.test"]`. Default: none. */
  readonly hosts?: readonly string[];
  /**
   * Hears why a database could not be asked; the answer itself does not say it. What it throws is a warning of the
   * process, and changes no answer. Default: nobody.
   */
  readonly onError?: (error: unknown) => void;
};
