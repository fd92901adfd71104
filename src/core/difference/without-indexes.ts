/**
 * Indexes that the server would build anew under the lock of a change that leaves rows as they are: they go before it,
 * and come back beside writers.
 */
import type { IndexObject, SchemaCatalog, TableObject } from "../catalog/catalog.ts";
import type { Index } from "../language/table-parts.ts";
import { names } from "./names.ts";
import { indexOf } from "./parse-definition.ts";
import { type Cut, safe } from "./part-lines.ts";
import { isBetweenZones } from "./retyped.ts";
import { stays } from "./stays.ts";
import type { DifferenceStep } from "./steps.ts";

type Step = DifferenceStep | Cut;
type Ends = { readonly from: SchemaCatalog; readonly to: SchemaCatalog };

/** Only those that are not unique: a duplicate could come meanwhile. */
export function withoutIndexes(steps: readonly Step[], ends: Ends): readonly Step[] {
  const is = new Map(ends.to.objects.map((object) => [object.id, object]));
  const found = ends.from.objects.flatMap((object) => {
    if (object.kind !== "table") return [];
    const columns = steps.flatMap((step) => retyped(step, object));
    if (columns.length === 0) return [];
    return ends.from.objects.flatMap((one) => {
      const isOn = one.kind === "index" && columns.some((name) => names(one.definition, name));
      const index = isOn && stays(one, is, steps) ? plain(one, object) : undefined;
      return index === undefined ? [] : [index];
    });
  });
  // Behind renames, by whose names it goes.
  const at =
    steps.findLastIndex((s) => "operation" in s && s.operation.kind.startsWith("rename_")) + 1;
  const cuts = (form: "drop_index" | "create_index", reason: string): readonly Cut[] =>
    found.map((index) => ({ lines: [safe({ form, index }, reason)] }));
  return [
    ...steps.toSpliced(at, 0, ...cuts("drop_index", dropReason)),
    ...cuts("create_index", createReason),
  ];
}

const dropReason =
  "The change of type below would build it anew while everybody waits. Queries miss it until its line at the end.";
const createReason = "Built again concurrently: writers continue meanwhile.";

/** Columns of the table that get or lose a time zone in a plain statement. */
function retyped(step: Step, { named }: TableObject): readonly string[] {
  if (!("operation" in step) || step.operation.kind !== "alter_table") return [];
  const { table, changes } = step.operation;
  if (table.name !== named.name || table.prefix !== named.prefix) return [];
  return changes.flatMap((change) =>
    change.kind === "set_type" &&
    change.was !== undefined &&
    isBetweenZones(change.was.type, change.to.type)
      ? [change.to.name]
      : [],
  );
}

function plain(object: IndexObject, table: TableObject): Index | undefined {
  const { named, table: of, valid, partOf, statistics, comment } = object;
  const isOf = of.name === table.named.name && of.prefix === table.named.prefix;
  const isBare = partOf === undefined && statistics.length === 0 && comment === undefined;
  const isMarked = [table.replicaIdentity, table.clusteredOn].includes(named.name);
  if (!isOf || !valid || !isBare || isMarked || table.partitionBy !== undefined) return undefined;
  const index = indexOf(object);
  return index?.unique === true ? undefined : index;
}
