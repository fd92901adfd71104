/** Random lists of operations, each possible where it stands. */
import fc from "fast-check";
import { MigrationBuilder } from "../../../src/core/language/builder.ts";
import type { Dialect } from "../../../src/core/language/dialect.ts";
import type { Operation } from "../../../src/core/language/operation.ts";
import type { Model } from "./model.ts";
import { type Dice, movesOf } from "./moves.ts";

/** Operations that stand before, and those of the migration. */
export type RandomList = {
  readonly before: readonly Operation[];
  readonly migration: readonly Operation[];
};

/** Lists of one to twenty operations, of which the first few stand before the migration. */
export function randomLists(dialect: Dialect): fc.Arbitrary<RandomList> {
  const choice = fc.array(fc.nat({ max: 9999 }), { minLength: 12, maxLength: 12 });
  return fc
    .record({
      first: fc.nat({ max: 8 }),
      choices: fc.array(choice, { minLength: 1, maxLength: 20 }),
    })
    .map(({ first, choices }) => recorded(choices, Math.min(first, choices.length - 1), dialect));
}

function recorded(
  choices: readonly (readonly number[])[],
  first: number,
  dialect: Dialect,
): RandomList {
  const { identifierLimit } = dialect;
  const m = new MigrationBuilder({ direction: "up", identifierLimit, defaults: {} });
  const model: Model = { tables: [], views: [], sequences: [], enums: [] };
  const names = { count: 0 };
  let split = 0;
  for (const [index, numbers] of choices.entries()) {
    if (index === first) split = m.build().length;
    const dice = diceOf(numbers, names);
    dice.pick(movesOf(model, dice, dialect.name === "postgres"))(m);
  }
  return { before: m.build().slice(0, split), migration: m.build().slice(split) };
}

function diceOf(numbers: readonly number[], names: { count: number }): Dice {
  let at = 0;
  const next = () => numbers[at++ % numbers.length]!;
  return {
    pick: (items) => items[next() % items.length]!,
    chance: () => next() % 2 === 1,
    name: (kind) => {
      names.count += 1;
      return `${kind}${names.count}`;
    },
  };
}
