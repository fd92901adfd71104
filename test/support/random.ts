/** Chance that can be repeated: the same seed gives the same numbers. */

export type Chance = {
  /** A whole number below `end`. */
  below(end: number): number;
  /** One of them. */
  one<Item>(items: readonly Item[]): Item;
  /** Bytes of any kind. */
  bytes(most: number): Buffer;
};

/** The seed of this run: the one that SLIPWAY_SEED names, else another one each time. Printed, so that it can be named. */
export function seedOf(title: string): number {
  const seed = Number(process.env.SLIPWAY_SEED ?? Math.floor(Math.random() * 2 ** 31));
  console.log(`${title}: SLIPWAY_SEED=${seed}`);
  return seed;
}

/** Mulberry32: small, and good enough to choose test cases. */
export function chanceOf(seed: number): Chance {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (end: number) => Math.floor(next() * end);
  return {
    below,
    one: (items) => items[below(items.length)]!,
    bytes: (most) => Buffer.from(Array.from({ length: below(most + 1) }, () => below(256))),
  };
}
