/** Turns one catalog into another one, by operations that can be undone. */
import type { SchemaCatalog, SchemaObject, TableObject, TypeObject } from "../catalog/catalog.ts";
import { allNeeds } from "../catalog/needs.ts";
import { enumSteps } from "./enum-values.ts";
import { updated } from "./extension-version.ts";
import { madePieces } from "./make.ts";
import {
  asIfLonger,
  asideName,
  beforeAttached,
  changeRank,
  freed,
  ordered,
  type StepPiece,
  stepsOf,
  suffix,
  withoutNotNull,
} from "./pieces.ts";
import { type Reached, reached, typeKinds } from "./reach.ts";
import { reaches } from "./reaches.ts";
import { type DifferenceStep, execute, type Sides, undone } from "./steps.ts";
import { changesOf, type TableDifference } from "./table.ts";

/**
 * Gives steps in an order that runs: taking, changing, making. Each has its undoing: undone from
 * the last to the first, they give `from` again. It guesses no renames: an object with another name
 * goes, and a new one comes.
 */
export function difference(sides: Sides): readonly DifferenceStep[] {
  return new Planner(sides).steps();
}

class Planner {
  readonly #sides: Sides;
  readonly #was: ReadonlyMap<string, SchemaObject>;
  readonly #is: ReadonlyMap<string, SchemaObject>;
  readonly #reach: Reached;
  /** Objects that go last, because columns have them until then. */
  readonly #lasting = new Set<string>();

  constructor(sides: Sides) {
    const { from, to, words } = sides;
    this.#sides = sides;
    this.#was = new Map(from.objects.map((object) => [object.id, object]));
    this.#is = new Map(to.objects.map((object) => [object.id, object]));
    this.#reach = reached(from, to, words);
    for (const object of from.objects)
      if (typeKinds.has(object.kind) && !this.#is.has(object.id)) this.#last(object.id);
  }

  #last(id: string): void {
    if (this.#lasting.has(id) || this.#is.has(id)) return;
    this.#lasting.add(id);
    for (const need of this.#was.get(id)?.needs ?? []) this.#last(need);
  }

  steps(): readonly DifferenceStep[] {
    const { words } = this.#sides;
    const tables = this.#tables();
    const bodies = this.#bodies();
    return [
      ...enumSteps(this.#sides, difference),
      ...bodies.first,
      ...this.#taken(tables),
      ...this.#asides().flatMap(([type, named]) => [
        ...this.#stripped(type),
        ...stepsOf(
          execute(
            [words.renameType(type, named.name)],
            [words.renameType({ ...type, named } as SchemaObject, type.named.name)],
          ),
          type.id,
          "remake",
        ),
      ]),
      ...this.#given(tables),
      ...this.#asides()
        .toReversed()
        .flatMap(([type, named]) => {
          const old = {
            ...withoutNotNull(type),
            named,
            id: `type ${named.prefix}.${named.name}`,
          } as TypeObject;
          const pieces = madePieces([old], this.#sides.from.objects, words);
          const made = pieces.flatMap(({ operations }) => operations);
          return stepsOf(undone(made), type.id, "remake");
        }),
      ...this.#takenLast(),
      ...bodies.last,
    ];
  }

  /** The constraint behind a NOT NULL would keep its name, which the new type wants. */
  #stripped(type: TypeObject): readonly DifferenceStep[] {
    const { alter } = this.#sides.words;
    const bare = withoutNotNull(type);
    return stepsOf(execute(alter(type, bare) ?? [], alter(bare, type) ?? []), type.id, "remake");
  }

  /**
   * A routine of SQL may name objects that come after it; the server checks its body when it runs.
   */
  #bodies(): {
    readonly first: readonly DifferenceStep[];
    readonly last: readonly DifferenceStep[];
  } {
    const involved = (objects: ReadonlyMap<string, SchemaObject>) =>
      [...objects.values()].some(
        (object) =>
          object.kind === "routine" &&
          /\n LANGUAGE sql\b/.test(object.definition) &&
          JSON.stringify(object) !==
            JSON.stringify((objects === this.#is ? this.#was : this.#is).get(object.id)),
      );
    const set = "SET check_function_bodies = off";
    const isAny = involved(this.#is) || involved(this.#was) || this.#anewRoutine();
    if (!isAny) return { first: [], last: [] };
    return {
      first: stepsOf([{ kind: "execute", sql: set, down: "" }], "", "change"),
      last: stepsOf([{ kind: "execute", sql: "", down: set }], "", "change"),
    };
  }

  #anewRoutine(): boolean {
    return [...this.#reach.anew].some((id) => {
      const object = this.#was.get(id);
      return object?.kind === "routine" && /\n LANGUAGE sql\b/.test(object.definition);
    });
  }

  #tables(): ReadonlyMap<string, TableDifference> {
    const found = new Map<string, TableDifference>();
    for (const [id, to] of this.#is) {
      const from = this.#was.get(id);
      if (from?.kind !== "table" || to.kind !== "table" || this.#reach.anew.has(id)) continue;
      found.set(
        id,
        changesOf({
          ...{ from, to, reach: this.#reach, words: this.#sides.words },
          aside: (type) => this.#asideType(type),
          isLate: (needs) => reaches(this.#is, needs, id),
          follows: (column) => this.#follows(from, to, column),
        }),
      );
    }
    return found;
  }

  /** Taken away from the last to the first of those that were made. */
  #taken(tables: ReadonlyMap<string, TableDifference>): readonly DifferenceStep[] {
    const gone = this.#sides.from.objects.filter(
      ({ id }) => this.#isMoved(id, this.#is) && !this.#lasting.has(id),
    );
    const pieces = this.#takenPieces(gone, this.#sides.from);
    const changed = [...tables].flatMap(([id, { take, unmark, marks }]): readonly StepPiece[] => {
      const table = this.#was.get(id);
      return [
        {
          ...{ id, needs: table === undefined ? [] : allNeeds(table), rank: 7 },
          steps: stepsOf(take, id, "take"),
        },
        {
          ...{ id: `marks of ${id}`, needs: [id, ...marks], rank: 13 },
          steps: stepsOf(unmark, id, "remake"),
        },
      ];
    });
    return ordered([...pieces, ...changed, ...this.#freed()])
      .toReversed()
      .flatMap(({ steps }) => steps);
  }

  /** A sequence that goes with another column goes with none in between. */
  #freed(): readonly StepPiece[] {
    const { words } = this.#sides;
    return this.#sides.from.objects.flatMap((before): readonly StepPiece[] => {
      const after = this.#is.get(before.id);
      if (before.kind !== "sequence" || after?.kind !== "sequence") return [];
      const { ownedBy } = before;
      const free = freed(before, after);
      if (free === before || ownedBy === undefined) return [];
      const up = words.alter(before, free) ?? [];
      const needs = [before.id, `table ${ownedBy.table.prefix}.${ownedBy.table.name}`];
      const steps = stepsOf(execute(up, words.alter(free, before) ?? []), before.id, "remake");
      return [{ id: `owner of ${before.id}`, needs, rank: changeRank, steps }];
    });
  }

  #takenLast(): readonly DifferenceStep[] {
    const gone = this.#sides.from.objects.filter(({ id }) => this.#lasting.has(id));
    return ordered(this.#takenPieces(gone, this.#sides.from))
      .toReversed()
      .flatMap(({ steps }) => steps);
  }

  #takenPieces(objects: readonly SchemaObject[], around: SchemaCatalog): readonly StepPiece[] {
    return madePieces(objects, around.objects, this.#sides.words).map(
      ({ operations, ...piece }) => ({
        ...piece,
        needs: [...piece.needs, ...beforeAttached(piece.id, objects, around)],
        steps: stepsOf(undone(operations), piece.of, this.#is.has(piece.of) ? "remake" : "take"),
      }),
    );
  }

  #given(tables: ReadonlyMap<string, TableDifference>): readonly DifferenceStep[] {
    const { to, words } = this.#sides;
    const come = to.objects.filter(
      ({ id }) => this.#isMoved(id, this.#was) || this.#reach.aside.has(id),
    );
    const made = madePieces(come, to.objects, words).map(
      ({ operations, ...piece }): StepPiece => ({
        ...piece,
        needs: [...piece.needs, ...beforeAttached(piece.id, come, to)],
        steps: stepsOf(operations, piece.of, this.#was.has(piece.of) ? "remake" : "make"),
      }),
    );
    const changed = [...tables].flatMap(([id, changes]): readonly StepPiece[] => [
      { id, needs: changes.needs, rank: 7, steps: stepsOf(changes.give, id, "change") },
      {
        ...{ id: `late of ${id}`, needs: [id, ...changes.lateNeeds], rank: 7 },
        steps: stepsOf(changes.late, id, "change"),
      },
    ]);
    return ordered([...made, ...changed, ...this.#changedObjects()]).flatMap(({ steps }) => steps);
  }

  #changedObjects(): readonly StepPiece[] {
    const { words } = this.#sides;
    return [...this.#is.values()].flatMap((after): readonly StepPiece[] => {
      const before = this.#was.get(after.id);
      const stays = before !== undefined && before.kind !== "table" && after.kind !== "table";
      if (!stays || this.#reach.anew.has(after.id) || this.#reach.aside.has(after.id)) return [];
      const from = freed(asIfLonger(before, after), after);
      const up = words.alter(from, after) ?? [];
      if (up.length === 0) return [];
      const down = words.alter(after, from) ?? [];
      const owner =
        after.kind === "sequence" && after.ownedBy !== undefined
          ? [`table ${after.ownedBy.table.prefix}.${after.ownedBy.table.name}`]
          : [];
      return [
        {
          ...{ id: after.id, needs: [...after.needs, ...owner], rank: changeRank },
          steps: stepsOf(updated(before, after) ?? execute(up, down), after.id, "change"),
        },
      ];
    });
  }

  /** Whether it is only in one of the two, or made anew. The schema that every database has is neither. */
  #isMoved(id: string, other: ReadonlyMap<string, SchemaObject>): boolean {
    if (id === "schema public" || this.#reach.aside.has(id)) return false;
    return !other.has(id) || this.#reach.anew.has(id);
  }

  #asides(): readonly (readonly [
    TypeObject,
    { readonly name: string; readonly prefix?: string | undefined },
  ])[] {
    const { objects } = this.#sides.from;
    return objects.flatMap((object) =>
      this.#reach.aside.has(object.id) && "named" in object && typeKinds.has(object.kind)
        ? [[object as TypeObject, { ...object.named, name: asideName(object.named.name) }] as const]
        : [],
    );
  }

  #asideType(type: string): string {
    const [, bare = "", rest = ""] = /^(.*?)((?:\(.*?\))?(?:\[\])*)$/.exec(type) ?? [];
    if (!this.#reach.aside.has(`type ${bare.replaceAll('"', "")}`)) return type;
    return bare.endsWith('"') ? `${bare.slice(0, -1)}${suffix}"${rest}` : `${bare}${suffix}${rest}`;
  }

  /** Whether a column of a parent changes, which changes it in its children. */
  #follows(from: TableObject, to: TableObject, column: string): boolean {
    const parents = [
      ...to.inherits,
      ...(to.partitionOf === undefined ? [] : [to.partitionOf.parent]),
    ];
    const had = [
      ...from.inherits,
      ...(from.partitionOf === undefined ? [] : [from.partitionOf.parent]),
    ];
    return parents
      .filter(({ prefix, name }) => had.some((one) => one.prefix === prefix && one.name === name))
      .some(({ prefix, name }) => {
        const id = `table ${prefix}.${name}`;
        const [before, after] = [this.#was.get(id), this.#is.get(id)].map((table) =>
          table?.kind === "table" ? table.columns.find((one) => one.name === column) : undefined,
        );
        const isReached = this.#reach.retyped.has(`column ${column} of ${id}`);
        return isReached || JSON.stringify(before) !== JSON.stringify(after);
      });
  }
}
