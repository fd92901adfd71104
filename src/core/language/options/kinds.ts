/** The kinds of values that an option can require. */
export const flag = {
  must: "true or false",
  holds: (value: unknown) => typeof value === "boolean",
};
export const number = {
  must: "a number",
  holds: (value: unknown) => typeof value === "number" || typeof value === "bigint",
};
export const text = { must: "text", holds: (value: unknown) => typeof value === "string" };
export const texts = {
  must: "a list of names",
  holds: (value: unknown) => Array.isArray(value) && value.every(text.holds),
};
export const sql = {
  must: "text, or sql`…`",
  holds: (value: unknown) => text.holds(value) || isObject(value),
};
export const fragment = { must: "sql`…`", holds: isObject };
export const object = { must: "an object", holds: isObject };
export const code = { must: "a function", holds: (value: unknown) => typeof value === "function" };
export const nameOrNone = {
  must: "a name, or false for none",
  holds: (value: unknown) => value === false || text.holds(value),
};
/** For options that other code checks, or that may be anything. */
export const anything = { must: "anything", holds: () => true };
export const action = {
  oneOf: ["cascade", "restrict", "no action", "set null", "set default"],
} as const;
export const match = { oneOf: ["full", "simple", "partial"] } as const;
export const deferrable = { oneOf: ["initially immediate", "initially deferred"] } as const;

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
