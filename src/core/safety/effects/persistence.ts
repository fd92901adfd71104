/** SET LOGGED and SET UNLOGGED: what the server refuses. */
import { shown, type Table } from "./catalog.ts";
import type { Scene } from "./scene.ts";

/** A table that survives a crash cannot refer to one that does not. */
export function persistenceRefusal(
  table: Table,
  to: "p" | "u",
  { catalog, server }: Scene,
): string | undefined {
  if (table.partitionBy !== undefined && server.major >= 18)
    return `${shown(table)} is partitioned, and has no rows itself`;
  if (to === "p") {
    const parent = [...table.constraints.values()].find(
      ({ references }) => references?.table.persistence === "u" && references.table !== table,
    )?.references?.table;
    return parent && `${shown(table)} refers to the unlogged table ${shown(parent)}`;
  }
  const [publication] = [...table.readers.keys()].filter((one) =>
    one.startsWith("the publication"),
  );
  if (publication !== undefined) return `${shown(table)} is part of ${publication}`;
  const child = catalog
    .referencesTo(table)
    .find(({ from }) => from !== table && from.known && from.persistence === "p")?.from;
  return child && `the logged table ${shown(child)} refers to ${shown(table)}`;
}
