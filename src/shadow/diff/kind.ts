/** Which databases a difference can be written for. */
import type { RepoInventory } from "../../release/inventory.ts";

export function canDiffer({ rules }: RepoInventory): boolean {
  return rules === "postgres";
}
