/** ATTACH PARTITION, DETACH PARTITION and tables that are made as a partition. */
import { flag, part, type Tree } from "../../sql/tree.ts";
import { shown, type Table } from "./catalog.ts";
import { missingNotNull, otherEnds, takeOver } from "./parent.ts";
import { provesBound, provesOutside } from "./partition-proof.ts";
import { type Scene, tableOf } from "./scene.ts";

export function alterPartition(
  table: Table,
  subtype: string,
  command: Tree,
  scene: Scene,
): undefined {
  const partition = tableOf(part(command, "name"), scene);
  if (subtype === "AT_AttachPartition")
    return attach(table, partition, part(command, "bound") ?? {}, scene);
  const concurrently = flag(command, "concurrent");
  if (concurrently && scene.transaction.isBlock) {
    scene.emit({ kind: "concurrently in transaction", words: "DETACH PARTITION CONCURRENTLY" });
  }
  if (concurrently && defaultOf(table) !== undefined) {
    scene.emit({
      kind: "fails",
      why: `${shown(table)} has a default partition, so none can be detached concurrently`,
    });
    return;
  }
  if (concurrently && scene.server.major < 14) {
    scene.emit({ kind: "fails", why: "DETACH PARTITION CONCURRENTLY came with PostgreSQL 14" });
    return;
  }
  scene.emit({
    kind: "lock",
    table: partition,
    mode: concurrently ? "SHARE UPDATE EXCLUSIVE" : "ACCESS EXCLUSIVE",
  });
  const { referenced, referring } = otherEnds(table, scene);
  if (!concurrently) {
    for (const one of referenced)
      scene.emit({ kind: "lock", table: one, mode: "SHARE ROW EXCLUSIVE" });
    for (const one of referring) {
      scene.emit({ kind: "lock", table: one, mode: "ACCESS EXCLUSIVE" });
      scene.emit({
        kind: "work",
        table: one,
        words: `looks for rows that refer to ${shown(partition)}`,
      });
    }
  }
  scene.emit({ kind: "partition detached", table, partition, concurrently, reads: referring });
  detached(table, partition);
}

function detached(table: Table, partition: Table): undefined {
  table.partitions.delete(partition);
  Object.assign(partition, { parent: undefined, bound: undefined });
}

function attach(table: Table, partition: Table, bound: Tree, scene: Scene): undefined {
  const missing = missingNotNull(table, partition);
  if (missing !== undefined) return scene.emit({ kind: "fails", why: missing });
  const key = table.partitionBy?.columns ?? [];
  const isDefault = flag(bound, "is_default");
  const proven = isDefault
    ? [...table.partitions].every(
        (other) => other.bound !== undefined && provesOutside(partition, other.bound, key),
      ) && table.known
    : provesBound(partition, bound, keyOf(key, bound, partition));
  if (!proven) scanned(table, partition, { isDefault: false }, scene);
  if (!isDefault) checkDefault(table, bound, scene);
  Object.assign(partition, { parent: table, bound });
  scene.catalog.hasClones = true;
  table.partitions.add(partition);
  scene.emit({ kind: "lock", table: partition, mode: "ACCESS EXCLUSIVE" });
  takeOver(table, partition, scene);
}

/** The key of a table that is not known: the one column that a CHECK of the partition speaks of. */
function keyOf(key: readonly string[], bound: Tree, partition: Table): readonly string[] {
  if (key.length > 0) return key;
  const spoken = [...partition.constraints.values()].filter(
    (one) => one.kind === "check" && one.valid,
  );
  const columns = new Set(spoken.flatMap((one) => one.columns));
  return bound.strategy === "h" ? [] : [...columns];
}

/** The server looks for rows of the default partition that belong to the new one. */
export function checkDefault(table: Table, bound: Tree, scene: Scene): undefined {
  const fallback = defaultOf(table);
  if (fallback === undefined) return;
  scene.emit({ kind: "lock", table: fallback, mode: "ACCESS EXCLUSIVE" });
  if (provesOutside(fallback, bound, table.partitionBy?.columns ?? [])) return;
  scanned(table, fallback, { isDefault: true }, scene);
}

function scanned(
  table: Table,
  partition: Table,
  options: { readonly isDefault: boolean },
  scene: Scene,
): undefined {
  scene.emit({ kind: "partition scanned", table, scanned: partition, ...options });
  scene.emit({ kind: "work", table: partition, words: `reads every row of ${shown(partition)}` });
}

function defaultOf(table: Table): Table | undefined {
  return [...table.partitions].find((one) => flag(one.bound, "is_default"));
}
