/** The context that each page is made with. */
import type { DashboardVisitor } from "./dashboard-options.ts";
import type { Where } from "./facts.ts";
import type { Mount } from "./mount.ts";
import type { Reader } from "./reader.ts";

export type PageContext = {
  readonly reader: Reader;
  readonly place: Mount;
  readonly where: Where;
  readonly visitor: DashboardVisitor;
  /** The changes of the schema that a page may make. */
  readonly allow: readonly "migrate"[];
  /** The token that the forms of this answer carry. */
  readonly formToken: string;
  /** The parameters behind the `?`. */
  readonly query: URLSearchParams;
  /** Milliseconds since 1970. */
  readonly now: number;
};
