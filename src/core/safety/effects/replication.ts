/** Both sides of logical replication: what this database publishes, and what it subscribes to. */
import type { KnownPublications } from "../../model/database-facts.ts";
import type { Catalog } from "./catalog.ts";
import type { Effect } from "./effect.ts";
import { knowPublications, publishedChange } from "./publications.ts";
import { knowSubscriptions, subscribedChange } from "./subscriptions.ts";

/** Puts publications and subscriptions of production into a catalog. */
export function knowReplication(facts: KnownPublications, catalog: Catalog): void {
  knowPublications(facts, catalog);
  knowSubscriptions(facts, catalog);
}

/** The consequences of a statement for the subscribers of its table, and for its publisher. */
export function replicatedChanges(effect: Effect, catalog: Catalog): readonly Effect[] {
  const changes = [publishedChange(effect, catalog), subscribedChange(effect, catalog)];
  return changes.filter((change) => change !== undefined);
}
