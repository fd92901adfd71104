/** What a page is made with. */
import type { DashboardVisitor } from "./dashboard-options.ts";
import type { Where } from "./facts.ts";
import type { Mount } from "./mount.ts";
import type { Reader } from "./reader.ts";

export type PageContext = {
  readonly reader: Reader;
  readonly place: Mount;
  readonly where: Where;
  readonly visitor: DashboardVisitor;
  /** What a page may do to the schema. */
  readonly allow: readonly "migrate"[];
  /** What the forms of this answer carry. */
  readonly formToken: string;
  /** What stands behind the `?`. */
  readonly query: URLSearchParams;
  /** Milliseconds since 1970. */
  readonly now: number;
};
