/** Changes of type that go through a second column, which rows are filled into beside readers and writers. */
import type { SchemaCatalog, SchemaObject, TableColumn, TableObject } from "../catalog/catalog.ts";
import { canonical } from "../catalog/changes.ts";
import { derivedName } from "../language/names.ts";
import type { OldTypeRetreat, SafeTypeChange } from "../language/safe/safe-form.ts";
import type { Column, ColumnChange, Index } from "../language/table-parts.ts";
import type { Named } from "../model/named.ts";
import { columnOf } from "./column.ts";
import { firesOnUpdate } from "./fires-on-update.ts";
import { names, textOf } from "./names.ts";
import { constraintOf, indexOf } from "./parse-definition.ts";
import { analyze, type Cut, limit, safe } from "./part-lines.ts";
import { everyValueFits, isRewritten } from "./retyped.ts";
import { asServerQuotes } from "./server-quotes.ts";
import { stays } from "./stays.ts";
import type { DifferenceStep } from "./steps.ts";

type Step = DifferenceStep | Cut;
type Ends = { readonly from: SchemaCatalog; readonly to: SchemaCatalog };
type TypeChange = Extract<ColumnChange, { readonly kind: "set_type" }>;

/**
 * Only of a column that nothing but plain indexes depends on, of a table whose triggers stay silent while rows are
 * filled.
 */
export function throughBackfill(steps: readonly Step[], ends: Ends): readonly Step[] {
  const finder = new Finder(steps, ends);
  return steps.flatMap((step): readonly Step[] => {
    if (!("operation" in step) || step.operation.kind !== "alter_table") return [step];
    const { operation } = step;
    const { table } = operation;
    const found = operation.changes.map((change) => [change, finder.find(table, change)] as const);
    const changes = found.flatMap(([change, one]) => (one === undefined ? [change] : []));
    const cuts = found.flatMap(([change, one]) =>
      one === undefined || change.kind !== "set_type" ? [] : [cutOf(one, change)],
    );
    const rest = changes.length === 0 ? [] : [{ ...step, operation: { ...operation, changes } }];
    return [...rest, ...cuts];
  });
}

/** A column that goes so, before and after. */
type Found = {
  readonly table: Named;
  readonly before: TableColumn;
  readonly after: TableColumn;
  readonly indexes: readonly Index[];
};

class Finder {
  readonly #from: SchemaCatalog;
  readonly #to: SchemaCatalog;
  readonly #is: ReadonlyMap<string, SchemaObject>;
  readonly #steps: readonly Step[];
  /** Whether something is taken away and made again. */
  readonly #isAnew: boolean;
  readonly #known = new Map<string, Found | undefined>();

  constructor(steps: readonly Step[], { from, to }: Ends) {
    this.#from = from;
    this.#to = to;
    this.#is = new Map(to.objects.map((object) => [object.id, object]));
    this.#steps = steps;
    this.#isAnew = steps.some((step) => "doing" in step && step.doing === "remake");
  }

  /** Finds the backfill for a change of a column's type or default; others need none. */
  find(table: Named, change: ColumnChange): Found | undefined {
    if (!parts.has(change.kind)) return undefined;
    const name = change.kind === "set_type" ? change.to.name : nameOf(change);
    const id = `${name} of ${table.prefix}.${table.name}`;
    if (!this.#known.has(id)) this.#known.set(id, this.#look(table, name));
    return this.#known.get(id);
  }

  #look(named: Named, name: string): Found | undefined {
    const id = `table ${named.prefix}.${named.name}`;
    const was = this.#from.objects.find((object) => object.id === id);
    const is = this.#is.get(id);
    if (was?.kind !== "table" || is?.kind !== "table") return undefined;
    const [before, after] = [was, is].map(({ columns }) => columns.find((c) => c.name === name));
    if (before === undefined || after === undefined) return undefined;
    const isPlain = [was, is].every((table) => this.#isPlain(table)) && this.#hasKey(was);
    if (firesOnUpdate(named, this.#from, this.#to)) return undefined;
    if (this.#isAnew && !this.#isLast(is, after, before)) return undefined;
    if (!isPlain || !this.#isAlone(named, name) || !isLike(before, after)) return undefined;
    if (!isRewritten(before.type, after.type, (type) => this.#isEnum(type))) return undefined;
    const indexes = this.#indexes(was, name);
    return indexes === undefined ? undefined : { table: named, before, after, indexes };
  }

  /** Whether it can be the last line: what is taken away is made again before rows are filled. */
  #isLast(table: TableObject, { name, comment }: TableColumn, before: TableColumn): boolean {
    const had = new Map(this.#from.objects.map((object) => [object.id, object]));
    const isNew = this.#to.objects.some((one) => {
      const other = had.get(one.id);
      return dependsOn(one, table, name) && (other === undefined || !this.#stays(other));
    });
    return !isNew && comment === before.comment;
  }

  #isPlain(table: TableObject): boolean {
    const isAlone = table.inherits.length === 0 && table.partitionOf === undefined;
    const isWhole = table.partitionBy === undefined && table.ofType === undefined;
    const isMother = [...this.#from.objects, ...this.#to.objects].some(
      (one) => one.kind === "table" && one.inherits.some((of) => isSame(of, table.named)),
    );
    return isAlone && isWhole && !isMother;
  }

  /** Whether rows can be walked along a primary key that stays as it is. */
  #hasKey(table: TableObject): boolean {
    const key = this.#from.objects.find(
      (one) =>
        one.kind === "constraint" && one.of === "primary key" && isSame(one.table, table.named),
    );
    if (key?.kind !== "constraint" || !this.#stays(key)) return false;
    const constraint = constraintOf(key);
    if (constraint?.kind !== "primary_key") return false;
    const is = this.#is.get(table.id);
    return constraint.columns.every((name) => {
      const [one, other] = [table, is].map((side) =>
        side?.kind === "table" ? side.columns.find((c) => c.name === name)?.type : undefined,
      );
      return one !== undefined && one === other;
    });
  }

  #stays(object: SchemaObject): boolean {
    return stays(object, this.#is, this.#steps);
  }

  /** Whether its type and its default are all that changes of it. */
  #isAlone(table: Named, name: string): boolean {
    const changes = this.#steps.flatMap((step) => {
      const isIts =
        "operation" in step &&
        step.operation.kind === "alter_table" &&
        isSame(step.operation.table, table);
      return isIts && step.operation.kind === "alter_table" ? step.operation.changes : [];
    });
    const own = changes.filter((change) => {
      if (change.kind === "set_type") return change.to.name === name;
      return "name" in change && change.name === name;
    });
    const types = own.filter((change): change is TypeChange => change.kind === "set_type");
    return types.length === 1 && own.every(({ kind }) => parts.has(kind));
  }

  #isEnum(type: string): boolean {
    const object = this.#is.get(`type ${type.replaceAll('"', "")}`);
    return object?.kind === "enum";
  }

  /** Nothing where something else depends on the column, or an index in another way than by its name. */
  #indexes(table: TableObject, name: string): readonly Index[] | undefined {
    const dependents = this.#from.objects.filter((one) => dependsOn(one, table, name));
    const marked = [table.replicaIdentity, table.clusteredOn];
    const indexes = dependents.map((one) => {
      if (one.kind !== "index" || !this.#stays(one) || marked.includes(one.named.name))
        return undefined;
      const index = indexOf(one);
      return index !== undefined && isPlainlyOn(index, name) && one.statistics.length === 0
        ? index
        : undefined;
    });
    return indexes.every((index) => index !== undefined) ? indexes : undefined;
  }
}

const parts: ReadonlySet<ColumnChange["kind"]> = new Set([
  "set_type",
  "set_default",
  "drop_default",
]);

function nameOf(change: ColumnChange): string {
  return "name" in change ? change.name : "";
}

/** Whether both are the same but for the type and the default, and have nothing that a new column would not take over. */
function isLike(before: TableColumn, after: TableColumn): boolean {
  const [one, other] = [before, after].map(
    ({ type: _, default: __, comment: ___, ...rest }) => rest,
  );
  const isBare = [before, after].every(
    ({ collation, generated, identity, storage, compression, statistics, options, ...rest }) =>
      (collation ?? generated ?? identity ?? storage ?? compression ?? statistics) === undefined &&
      options.length === 0 &&
      rest.isLocal &&
      rest.notNull?.comment === undefined &&
      rest.notNull?.noInherit === undefined &&
      (rest.default?.needs ?? []).length === 0,
  );
  return isBare && canonical(one) === canonical(other);
}

function dependsOn(object: SchemaObject, table: TableObject, name: string): boolean {
  if (object.id === table.id)
    return table.columns.some(({ generated }) => names(generated?.expression ?? "", name));
  if (object.kind === "sequence")
    return object.ownedBy?.column === name && isSame(object.ownedBy.table, table.named);
  const isNear =
    object.needs.includes(table.id) || ("table" in object && isSame(object.table, table.named));
  return isNear && names(textOf(object), name);
}

function isPlainlyOn({ columns, where, include }: Index, name: string): boolean {
  const isNamed = [where ?? "", ...(include ?? [])].some((text) => names(text, name));
  return (
    !isNamed &&
    columns.every(({ column, expression, operatorClass }) =>
      column === name ? operatorClass === undefined : !names(expression ?? "", name),
    )
  );
}

function isSame(one: Named, other: Named): boolean {
  return one.name === other.name && one.prefix === other.prefix;
}

function cutOf({ table, before, after, indexes }: Found, { to, was: from }: TypeChange): Cut {
  const { name } = after;
  const comment = before.comment === undefined ? {} : { comment: before.comment };
  const [column, old]: readonly [Column, Column] = [
    { ...columnOf(after), ...comment },
    { ...columnOf(before), ...comment },
  ];
  const using = to.using ?? explicit(name, before.type, after.type);
  const back = from?.using ?? explicit(name, after.type, before.type);
  const outgoing = derivedName(name, "_old", limit);
  const change: SafeTypeChange = {
    ...{ table, column, was: old, incoming: derivedName(name, "_new", limit), outgoing, indexes },
    ...(using === undefined ? {} : { using }),
    ...(back === undefined ? {} : { back }),
  };
  const retreat: OldTypeRetreat = {
    ...{ table, column: name, outgoing, was: old, indexes },
    ...(back === undefined ? {} : { back }),
  };
  return {
    lines: [safe({ form: "change_type", stage: "begin", ...change }, beginReason), analyze(table)],
    after: [safe({ form: "finish_change_type", stage: "finish", ...retreat }, finishReason)],
  };
}

const beginReason =
  "A second column, filled beside readers and writers, takes its place. Until the old one goes, a value must fit both types.";
const finishReason = "The old column follows the new one until here.";

/** An explicit cast makes Slipway look first whether every value has one. */
function explicit(name: string, from: string, to: string): string | undefined {
  return everyValueFits(from, to) ? undefined : `CAST(${asServerQuotes(name)} AS ${to})`;
}
