/** Turns one catalog into another one, where the objects are the texts that made them. */
import type { SchemaCatalog, WrittenObject } from "../../catalog/catalog.ts";
import { inOrder } from "../../catalog/order.ts";
import type { SchemaOperation } from "../../language/operation.ts";
import { type DifferenceStep, undone } from "../steps.ts";
import type { WrittenChange, WrittenMade, WrittenWords } from "./words.ts";

export type WrittenSides = {
  readonly from: SchemaCatalog;
  readonly to: SchemaCatalog;
  readonly words: WrittenWords;
};

/**
 * The order of objects that are no tables. Those that stand on tables go before the tables change,
 * and come after.
 */
const ranks: { readonly [of in WrittenObject["of"]]?: number } = {
  function: 0,
  procedure: 0,
  index: 1,
  view: 2,
  trigger: 3,
  event: 4,
};

/**
 * In an order that runs, each with what undoes it. A table keeps its rows; all else that is another is taken away and
 * made again.
 */
export function writtenDifference({ from, to, words }: WrittenSides): readonly DifferenceStep[] {
  const [was, is] = [writtenIn(from), writtenIn(to)];
  const isOther = ({ id }: WrittenObject) => {
    const [before, after] = [was.get(id), is.get(id)];
    if (before === undefined || after === undefined) return true;
    return words.settled(before) !== words.settled(after);
  };
  const ends = { from: was, to: is };
  const changes = new Map<string, WrittenChange>();
  for (const [id, after] of is) {
    const before = was.get(id);
    if (before === undefined || after.of !== "table") continue;
    if (isOther(after) || words.isDisturbed?.(after, ends))
      changes.set(id, words.change(before, after, ends));
  }
  const isRemade = (id: string) => {
    const view = was.get(id);
    return view !== undefined && isOther(view);
  };
  const goesWith = ({ of, table: { name }, definition }: WrittenObject) =>
    of === "view"
      ? [...changes].some(
          ([id, { takesAlong }]) =>
            takesAlong.includes(of) && definition.includes(id.slice("table ".length)),
        )
      : changes.get(`table ${name}`)?.takesAlong.includes(of) === true ||
        (of === "trigger" && isRemade(`view ${name}`));
  const gone = [...was.values()].filter(({ id }) => !is.has(id));
  const come = [...is.values()].filter(({ id }) => !was.has(id));
  const rest = (objects: ReadonlyMap<string, WrittenObject>) =>
    standing([...objects.values()].filter((one) => isOther(one) || goesWith(one)));
  const make = (objects: readonly WrittenObject[]) =>
    objects.map((object) => ({ object, made: words.make(object) }));
  const steps = (
    object: WrittenObject | string,
    operations: readonly SchemaOperation[],
    doing: DifferenceStep["doing"],
  ) =>
    operations.map((operation): DifferenceStep => {
      const id = typeof object === "string" ? object : object.id;
      return { operation, object: id, doing };
    });
  const taken = (
    all: readonly { readonly object: WrittenObject; readonly made: WrittenMade }[],
    part: keyof WrittenMade,
  ) =>
    all.flatMap(({ object, made }) =>
      steps(object, undone(made[part]), is.has(object.id) ? "remake" : "take"),
    );
  const given = (
    all: readonly { readonly object: WrittenObject; readonly made: WrittenMade }[],
    part: keyof WrittenMade,
  ) =>
    all.flatMap(({ object, made }) =>
      steps(object, made[part], was.has(object.id) ? "remake" : "make"),
    );
  const changed = (part: keyof WrittenMade | "first") =>
    [...changes].flatMap(([id, change]) => steps(id, change[part], "change"));
  const goneTables = referrersFirst(gone.filter(isTable), words);
  const comeTables = referrersFirst(come.filter(isTable), words).toReversed();
  const sequences = [...is.values()].filter((one) => one.of === "sequence" && isOther(one));
  const oldSequences = [...was.values()].filter((one) => one.of === "sequence" && isOther(one));
  const replaced = make(oldSequences.filter(({ id }) => is.has(id)));
  return [
    ...taken(make(rest(was).toReversed()), "make"),
    ...taken(goneTables, "last"),
    ...changed("first"),
    ...taken(replaced, "make"),
    ...given(make(sequences), "make"),
    ...given(comeTables, "make"),
    ...changed("make"),
    ...taken(goneTables, "make"),
    ...taken(make(oldSequences.filter(({ id }) => !is.has(id))), "make"),
    ...given(comeTables, "last"),
    ...changed("last"),
    ...given(make(rest(is)), "make"),
  ];
}

export function writtenIn({ objects }: SchemaCatalog): ReadonlyMap<string, WrittenObject> {
  return new Map(
    objects.flatMap((object) => (object.kind === "written" ? [[object.id, object] as const] : [])),
  );
}

function isTable({ of }: WrittenObject): boolean {
  return of === "table";
}

/** The objects that stand on tables, in the order in which they are made. */
function standing(objects: readonly WrittenObject[]): readonly WrittenObject[] {
  const found = objects.flatMap((object) => {
    const rank = ranks[object.of];
    return rank === undefined ? [] : [{ ...object, rank, needs: object.needs }];
  });
  const { pieces, circle } = inOrder(found);
  return [...pieces, ...circle].map(({ rank: _, ...object }) => object);
}

/** A table goes when nothing refers to it any more. Those that refer to each other go in whatever order. */
function referrersFirst(
  tables: readonly WrittenObject[],
  words: WrittenWords,
): readonly MadeTable[] {
  const ids = new Map(tables.map((table) => [words.folded(table.table.name), table.id]));
  const pieces = tables.map((object) => ({
    ...{ object, id: object.id, rank: 0 },
    needs: words.refersTo(object).flatMap((name) => ids.get(words.folded(name)) ?? []),
  }));
  const { pieces: ordered, circle } = inOrder(pieces);
  const made = (isCircular: boolean) => (piece: { readonly object: WrittenObject }) => ({
    object: piece.object,
    made: words.make(piece.object, { isCircular }),
  });
  return [...circle.map(made(true)), ...ordered.toReversed().map(made(false))];
}

type MadeTable = { readonly object: WrittenObject; readonly made: WrittenMade };
