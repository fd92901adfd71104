/** A checked backfill, with its defaults filled in. */

import type {
  BackfillDefinition,
  BackfillInsert,
  BackfillPace,
  BackfillValue,
} from "../language/backfill-definition.ts";
import type { RowSecurity } from "../language/backfill-sql.ts";
import { isFragment } from "../model/fragment.ts";
import type { Named } from "../model/named.ts";

/** The ways to change rows. */
export type BackfillMode =
  | { readonly kind: "set"; readonly set: { readonly [column: string]: BackfillValue } }
  | { readonly kind: "each"; readonly each: NonNullable<BackfillDefinition["each"]> }
  | { readonly kind: "batch"; readonly batch: NonNullable<BackfillDefinition["batch"]> }
  | { readonly kind: "effect"; readonly effect: NonNullable<BackfillDefinition["effect"]> }
  | {
      readonly kind: "insert";
      readonly insert: Omit<BackfillInsert, "into"> & { readonly into: Named };
    };

/** How fast it goes, with everything said. */
export type Pace = { readonly [Key in keyof BackfillPace]-?: NonNullable<BackfillPace[Key]> };

export type Backfill = {
  readonly table: Named;
  readonly key: readonly string[];
  readonly where: string | undefined;
  readonly snapshot: boolean;
  readonly mode: BackfillMode;
  readonly columns: readonly string[] | undefined;
  readonly verify: string | undefined;
  /** Default: rows that are hidden are a reason to refuse. */
  readonly rowSecurity: RowSecurity | undefined;
  readonly maxFailures: number;
  readonly lockTimeoutMs: number;
  readonly timeoutMs: number;
  readonly leaseMs: number;
  readonly pace: Pace;
  /** Its work, as text: of code only that it is there. The pace is left out. */
  readonly meaning: string;
  /** The same with the text of the code, which a running backfill is held to. */
  readonly code: string;
  /**
   * The table, key and rows that its ranges divide: you cannot accept a change of these while it
   * runs.
   */
  readonly place: string;
};

/** Fills in what a checked definition leaves out. */
export function backfillOf(definition: BackfillDefinition, prefix?: string): Backfill {
  const {
    maxFailures = 100,
    lockTimeoutMs = 1_000,
    timeoutMs = 30_000,
    leaseMs = 60_000,
  } = definition;
  const mode = modeOf(definition, prefix);
  const parts = {
    table: named(definition.table, prefix),
    key: [definition.key].flat(),
    where: definition.where?.sql,
    snapshot: definition.snapshot === true,
    columns: definition.columns,
    verify: definition.verify?.sql,
    rowSecurity: definition.rowSecurity,
  };
  const { table, key, snapshot, where } = parts;
  return {
    ...parts,
    ...{ mode, maxFailures, lockTimeoutMs, timeoutMs, leaseMs, pace: paceOf(definition) },
    meaning: JSON.stringify({ ...parts, mode }, withoutCode),
    code: JSON.stringify({ ...parts, mode }, withCode),
    place: JSON.stringify([table, key, snapshot && (where ?? true)]),
  };
}

/** Describes the work of a backfill: `backfill posts: set published_at`. */
export function backfillWords({ table, mode, snapshot }: Backfill): string {
  const what = {
    set: () => `set ${Object.keys(mode.kind === "set" ? mode.set : {}).join(", ")}`,
    each: () => "each row through code",
    batch: () => "batches through code",
    effect: () => "each row to the outside",
    insert: () => `copy into ${mode.kind === "insert" ? mode.insert.into.name : ""}`,
  }[mode.kind]();
  return `backfill ${table.name}: ${what}${snapshot ? ", of the rows that are there at its start" : ""}`;
}

function modeOf(definition: BackfillDefinition, prefix: string | undefined): BackfillMode {
  const { set, each, batch, effect, insert } = definition;
  if (set !== undefined) return { kind: "set", set };
  if (each !== undefined) return { kind: "each", each };
  if (batch !== undefined) return { kind: "batch", batch };
  if (effect !== undefined) return { kind: "effect", effect };
  return { kind: "insert", insert: { ...insert, into: named(insert.into, prefix) } };
}

function paceOf(definition: BackfillDefinition): Pace {
  const whole = definition.set !== undefined || definition.insert !== undefined;
  return {
    batchSize: definition.batchSize ?? 1_000,
    maxBatchSize: definition.maxBatchSize ?? (whole ? 200_000 : 10_000),
    targetMs: definition.targetMs ?? 25,
    walBytes: definition.walBytes ?? 64 * 1024 * 1024,
    pauseMs: definition.pauseMs ?? 0,
    parallel: definition.parallel ?? 2,
    throttle: definition.throttle ?? {},
  };
}

function named(table: string | Named, prefix: string | undefined): Named {
  if (typeof table !== "string") return table;
  return prefix === undefined ? { name: table } : { name: table, prefix };
}

/** Code as its text, so that an edit of it shows. */
function withCode(_key: string, value: unknown): unknown {
  if (isFragment(value)) return { sql: value.sql };
  return typeof value === "function" || typeof value === "bigint" ? String(value) : value;
}

function withoutCode(key: string, value: unknown): unknown {
  return typeof value === "function" ? "code" : withCode(key, value);
}
