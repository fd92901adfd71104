import type { Table } from "./catalog.ts";

/** A table that subscriptions fill was changed in a way that stops what is received, or that loses rows of it. */
export type SubscribedChange = {
  readonly kind: "subscribed changed";
  readonly table: Table;
  readonly what:
    | "column dropped"
    | "table dropped"
    | "renamed"
    | "refuses"
    | "truncated"
    | "key lost";
  readonly column?: string | undefined;
  /** What refuses rows. Default: nothing does. */
  readonly words?: string | undefined;
  readonly subscriptions: readonly string[];
};
