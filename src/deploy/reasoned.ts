/** The content of a generated YAML file, as plain data that carries its reasons. */

export type Yaml = string | number | boolean | readonly Yaml[] | YamlMap | Reasoned;

/** Keys whose value is `undefined` are left out. */
export type YamlMap = { readonly [key: string]: Yaml | undefined };

const reasonOf = Symbol("the reason");

/** A value and its reason, which becomes a comment above it. */
export type Reasoned = { readonly [reasonOf]: string; readonly value: Exclude<Yaml, Reasoned> };

/** Gives a value its reason, in one line. */
export function because(reason: string, value: Exclude<Yaml, Reasoned>): Reasoned {
  return { [reasonOf]: reason, value };
}

/** The value alone, and its reason if it has one. */
export function split(value: Yaml): {
  readonly value: Exclude<Yaml, Reasoned>;
  readonly reason?: string;
} {
  return isReasoned(value) ? { value: value.value, reason: value[reasonOf] } : { value };
}

function isReasoned(value: Yaml): value is Reasoned {
  return typeof value === "object" && reasonOf in value;
}
