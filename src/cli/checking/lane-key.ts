/** The key of a repo where the shared migrations and those of each tenant are judged apart. */
import type { RepoInventory } from "../../release/inventory.ts";

/** `main`, or `main, tenants`. */
export function laneKey({ repo, ofTenants }: Pick<RepoInventory, "repo" | "ofTenants">): string {
  return ofTenants === true ? `${repo}, tenants` : repo;
}
