/** What the dashboard is told, and what it needs of a release. */
import type { Release } from "../index.ts";

/** Who looks. The name stands in the events of what this person tells a backfill. */
export type DashboardVisitor = { readonly user: string };

/** What `dashboard` takes. */
export type DashboardOptions = {
  /** Where it is mounted, as the browser sees it: `/admin/slipway`. Default: `/slipway`. */
  readonly path?: string;
  /**
   * Says who asks, or gives the answer to somebody who may not: a redirect to your login, or 403. It is asked for each
   * request. Needed unless `NODE_ENV` is `development` or `test`, where only this machine is answered.
   */
  readonly authorize?: (
    request: Request,
  ) => DashboardVisitor | Response | Promise<DashboardVisitor | Response>;
  /**
   * What a page may do to the schema: `["migrate"]` runs pending migrations from the page of the plan. Default: nothing.
   */
  readonly allow?: readonly "migrate"[];
  /** The schema (PostgreSQL) or database (MySQL) of the history table, as `--prefix` of the commands. */
  readonly prefix?: string;
  /** Hears what kept a page from being made. Default: nobody. The page itself says it too. */
  readonly onError?: (error: unknown) => void;
};

/** What is needed of a release. */
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
