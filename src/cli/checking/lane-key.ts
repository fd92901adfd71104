/** What a repo is told by, where what belongs to all and what belongs to each tenant are judged apart. */
import type { RepoInventory } from "../../release/inventory.ts";

/** `main`, or `main, tenants`. */
export function laneKey({ repo, ofTenants }: Pick<RepoInventory, "repo" | "ofTenants">): string {
  return ofTenants === true ? `${repo}, tenants` : repo;
}
