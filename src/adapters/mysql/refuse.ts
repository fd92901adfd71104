/** Refuses by name an option that a server does not have: an option is never silently ignored. */
import { refuse } from "../refuse-options.ts";
import { knows, labelOf, type MysqlServer, type Since } from "./server.ts";

export { noCascade, refuse, refuseOptions } from "../refuse-options.ts";

/**
 * Refuses a feature that this kind of server never has, or that this one is too old for.
 *
 * @throws {UnsupportedOperation}
 */
export function refuseUnlessKnown(
  server: MysqlServer,
  feature: Since,
  refused: { readonly operation: string; readonly hint: string },
): void {
  if (knows(server, feature)) return;
  const first = feature[server.flavor];
  const later =
    first === "never" ? "" : ` ${labelOf(server)} ${first.join(".")} and newer can do it.`;
  refuse(refused.operation, refused.hint + later);
}
