/** Storage parameters: which there are, and what they may be. https://www.postgresql.org/docs/18/sql-createtable.html#SQL-CREATETABLE-STORAGE-PARAMETERS */
import { type TreeNode, word } from "../../../sql/tree.ts";
import type { RelationKind } from "./relation.ts";

type Range = readonly [least: number, most: number] | "boolean" | "any";

const autovacuum =
  "enabled vacuum_threshold vacuum_max_threshold vacuum_scale_factor vacuum_insert_threshold vacuum_insert_scale_factor analyze_threshold analyze_scale_factor vacuum_cost_delay vacuum_cost_limit freeze_min_age freeze_max_age freeze_table_age multixact_freeze_min_age multixact_freeze_max_age multixact_freeze_table_age";
const vacuumed = Object.fromEntries([
  ...autovacuum.split(" ").map((name): readonly [string, Range] => [`autovacuum_${name}`, "any"]),
  ["autovacuum_enabled", "boolean"],
  ["log_autovacuum_min_duration", "any"],
  ["log_autoanalyze_min_duration", "any"],
  ["vacuum_index_cleanup", "any"],
  ["vacuum_truncate", "boolean"],
  ["vacuum_max_eager_freeze_failure_rate", "any"],
]) as { readonly [name: string]: Range };

const table: { readonly [name: string]: Range } = {
  ...vacuumed,
  fillfactor: [10, 100],
  toast_tuple_target: [128, 8160],
  parallel_workers: [0, 1024],
  user_catalog_table: "boolean",
};
const view: { readonly [name: string]: Range } = {
  security_barrier: "boolean",
  security_invoker: "boolean",
  check_option: "any",
};
const byMethod: { readonly [method: string]: { readonly [name: string]: Range } } = {
  btree: {
    fillfactor: [10, 100],
    deduplicate_items: "boolean",
    vacuum_cleanup_index_scale_factor: "any",
  },
  hash: { fillfactor: [10, 100] },
  gist: { fillfactor: [10, 100], buffering: "any" },
  spgist: { fillfactor: [10, 100] },
  gin: { fastupdate: "boolean", gin_pending_list_limit: [64, 2147483647] },
  brin: { pages_per_range: [1, 131072], autosummarize: "boolean" },
};

/** Why a parameter is refused; `method` is that of an index. What another access method knows is not known here. */
export function optionRefusal(
  options: readonly TreeNode[],
  { kind, method }: { readonly kind: RelationKind; readonly method?: string | undefined },
): string | undefined {
  const known = /index$/.test(kind) ? byMethod[method ?? ""] : kind === "view" ? view : table;
  if (known === undefined) return undefined;
  for (const { tree } of options) {
    const name = (word(tree, "defname") ?? "").toLowerCase();
    const space = word(tree, "defnamespace");
    if (space === "toast" ? kind === "view" : space !== undefined)
      return `there is no storage parameter ${space}.${name}`;
    const range = (space === "toast" ? vacuumed : known)[name];
    if (range === undefined) return `there is no storage parameter ${name}`;
    const refused = valueOutside(tree.arg, range);
    if (refused !== undefined) return `${refused} is no value of ${name}`;
    if (name === "buffering" && !/^(on|off|auto)$/i.test(String(writtenValue(tree.arg))))
      return `${writtenValue(tree.arg)} is no value of ${name}`;
  }
  return undefined;
}

function valueOutside(arg: unknown, range: Range): string | undefined {
  const value = writtenValue(arg);
  if (value === undefined || range === "any") return undefined;
  if (range === "boolean")
    return /^(t|tr|tru|true|f|fa|fal|fals|false|y|ye|yes|n|no|on|of|off|0|1)$/i.test(value)
      ? undefined
      : value;
  const number = Number(value);
  return Number.isInteger(number) && number >= range[0] && number <= range[1] ? undefined : value;
}

/** A value as it is written. A zero is an integer without its number. */
export function writtenValue(arg: unknown): string | undefined {
  const [node] = Object.entries((arg ?? {}) as { readonly [kind: string]: never });
  if (node === undefined) return undefined;
  const [kind, tree] = node as readonly [string, { readonly [field: string]: unknown }];
  if (kind === "Integer") return String(tree.ival ?? 0);
  if (kind === "Float") return String(tree.fval);
  if (kind === "String") return String(tree.sval);
  if (kind === "Boolean") return String(tree.boolval ?? false);
  const [name] = ((tree.names ?? []) as readonly { readonly String?: { readonly sval?: string } }[])
    .map((one) => one.String?.sval)
    .slice(-1);
  return name;
}
