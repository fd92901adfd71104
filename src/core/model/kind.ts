/** Kinds of option values: JavaScript may hand over anything, so Slipway checks each. */

export type Kind = { readonly words: string; readonly holds: (value: unknown) => boolean };

/** Options by name, each with its kind. */
export type Kinds = { readonly [option: string]: Kind };

/** The kinds of all options of a type: one that is forgotten, or that there is not, does not compile. */
export type KindsOf<Options> = { readonly [Option in keyof Options]-?: Kind };

export const isName = (value: unknown): value is string =>
  typeof value === "string" && value !== "";
export const isObject = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const flag: Kind = { words: "true or false", holds: (value) => typeof value === "boolean" };
export const name: Kind = { words: "a name", holds: isName };
export const object: Kind = { words: "an object", holds: isObject };
export const aFunction: Kind = {
  words: "a function",
  holds: (value) => typeof value === "function",
};
export const wholeFrom = (least: number): Kind => ({
  words: `a whole number from ${least}`,
  holds: (value) => Number.isSafeInteger(value) && Number(value) >= least,
});
export const numberFrom = (least: number): Kind => ({
  words: `a number from ${least}`,
  holds: (value) => typeof value === "number" && Number.isFinite(value) && value >= least,
});
export const count: Kind = wholeFrom(1);
