/** The options of the dashboard, and the parts of a release that it needs. */
import type { Release } from "../index.ts";

/** The visitor. The name stands in the events of this person's actions on a backfill. */
export type DashboardVisitor = { readonly user: string };

/** The options of `dashboard`. */
export type DashboardOptions = {
  /** Where it is mounted, as requests have it: `/admin/slipway`. Default: `/slipway`. */
  readonly path?: string;
  /**
   * Where the browser finds it, if a proxy or the `basePath` of a framework takes a part of the path away before the
   * request comes. Default: `path`.
   */
  readonly publicPath?: string;
  /**
   * Names the visitor, or gives the answer to somebody who may not look: a redirect to your login, or 403. Slipway
   * calls it for each request. Needed unless `NODE_ENV` is `development` or `test`, where only this machine gets an
   * answer.
   */
  readonly authorize?: (
    request: Request,
  ) => DashboardVisitor | Response | Promise<DashboardVisitor | Response>;
  /**
   * The changes of the schema that a page may make: `["migrate"]` runs pending migrations from the
   * page of the plan. Default: none.
   */
  readonly allow?: readonly "migrate"[];
  /** The schema (PostgreSQL) or database (MySQL) of the history table, as `--prefix` of the commands. */
  readonly prefix?: string;
  /** Hears what kept a page from being made. Default: nobody. The page itself says it too. */
  readonly onError?: (error: unknown) => void;
};

/** The parts of a release that the dashboard uses. */
export type DashboardRelease = Pick<
  Release,
  "app" | "version" | "repos" | "address" | "adapter" | "using"
>;

/** Answers a request with a page. Never throws. */
export interface DashboardHandler {
  (request: Request): Promise<Response>;
  /** Ends what follows databases, and its connections. A dashboard that nobody looks at has none after ten seconds. */
  close(): Promise<void>;
}
