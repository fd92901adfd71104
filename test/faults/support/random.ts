/** The chances of a storm, all drawn from one seed: SLIPWAY_SEED draws the same ones again. */

/** The seed of this file's storms, which the file prints with its figures. */
export const seed = Number(process.env.SLIPWAY_SEED ?? Date.now() % 2 ** 31);

let state = seed;

/** A number from 0 up to 1, never 1 itself. */
export function chance(): number {
  // A linear congruential generator: enough to scatter faults, and the same on every machine.
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return state / 2 ** 32;
}

/** One of a list that is not empty. */
export function oneOf<Thing>(things: readonly Thing[]): Thing {
  if (things.length === 0) throw new Error("there is nothing to choose from");
  return things[Math.floor(chance() * things.length)]!;
}
