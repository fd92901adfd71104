import type { Named } from "../core/model/named.ts";

/** Who excludes whom: runs over one history. The database is not in it, because a lock does not reach beyond one. */
export function lockName({ prefix = "", name }: Named): string {
  return `slipway:${prefix}.${name}`;
}
