/**
 * Finds the work of a statement that takes longer the more rows there are, whether or not anybody
 * waits for it.
 */
import { shown, type Table } from "../effects/catalog.ts";
import type { Effect } from "../effects/effect.ts";
import { exists } from "../effects/scene.ts";

/** How a table is worked through. `index`: read and sorted, and an index written. `rewrite`: written anew, with its indexes. */
export type HeavyKind = "scan" | "index" | "rewrite";

export type HeavyWork = {
  readonly does: HeavyKind;
  /** By the name that findings give it. */
  readonly table: string;
  /** Who waits for its end. */
  readonly waits: "nobody" | "writers" | "everybody";
  /** How often the table is read: a build beside writers reads it twice. */
  readonly passes: 1 | 2;
};

/**
 * The heavy work of an effect; `undefined` for quick work, and for a table that the statement's own
 * run has made.
 */
export function heavyWorkOf(effect: Effect): HeavyWork | undefined {
  switch (effect.kind) {
    case "index built":
      if (effect.only) return undefined;
      return effect.concurrently
        ? on(effect.table, { does: "index", waits: "nobody", passes: 2 })
        : on(effect.table, { does: "index", waits: "writers" });
    case "constraint added":
      if (effect.builds) return on(effect.table, { does: "index", waits: "everybody" });
      if (!effect.scans) return undefined;
      return on(effect.table, {
        does: "scan",
        waits: effect.constraint.references === undefined ? "everybody" : "writers",
      });
    case "constraint validated":
      return on(effect.table, { does: "scan", waits: "nobody" });
    case "not null enforced":
      return on(effect.table, { does: "scan", waits: "everybody" });
    case "partition scanned":
      return on(effect.scanned, { does: "scan", waits: "everybody" });
    case "column added":
      if (effect.rewrite === undefined) return undefined;
      return on(effect.table, { does: "rewrite", waits: "everybody" });
    case "column type changed":
      return ofTypeChange(effect.table, effect.cost.kind);
    case "table rewritten":
      return effect.table && on(effect.table, { does: "rewrite", waits: "everybody" });
    case "mysql change":
      return {
        does: effect.way === "shared" ? "scan" : "rewrite",
        table: effect.table,
        waits: effect.way === "rebuild" ? "nobody" : "writers",
        passes: 1,
      };
    default:
      return undefined;
  }
}

function ofTypeChange(
  table: Table,
  cost: "nothing" | "rewrite" | "index" | "check",
): HeavyWork | undefined {
  switch (cost) {
    case "nothing":
      return undefined;
    case "rewrite":
      return on(table, { does: "rewrite", waits: "everybody" });
    case "index":
      return on(table, { does: "index", waits: "everybody" });
    case "check":
      return on(table, { does: "scan", waits: "everybody" });
  }
}

function on(
  table: Table,
  { passes = 1, ...work }: Pick<HeavyWork, "does" | "waits"> & { readonly passes?: 1 | 2 },
): HeavyWork | undefined {
  return exists(table) ? { ...work, table: shown(table), passes } : undefined;
}
