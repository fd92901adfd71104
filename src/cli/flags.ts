/** Flags of a command, as values that carry the type of their results. */

/** The spelling of a flag, and the meaning of its text. */
export type Option = {
  /** For help: `-n, --step <n>`. */
  readonly flags: string;
  readonly words: string;
  /** `-n`, where it has one. */
  readonly short: string | undefined;
  /** `--step`. */
  readonly long: string;
  readonly takes: "nothing" | "a value" | "a value or nothing";
  /** The value of the text, together with the value so far. Without it the flag gives `true`. */
  readonly read?: (text: string, before: unknown) => unknown;
};

/** One flag. `Value` is the type of its value, which the command finds under the flag's key. */
export type Flag<Value> = {
  readonly option: Option;
  /** Only for the type: never set. */
  readonly value?: Value;
};

/** The flags of a command, by the key under which it finds them. */
export type FlagSet = { readonly [key: string]: Flag<unknown> };

/** The values of a command's flags: `undefined` for those that were not given. */
export type FlagValues<Flags extends FlagSet> = {
  readonly [Key in keyof Flags]: Flags[Key] extends Flag<infer Value> ? Value : never;
};

/**
 * Gives the meaning of the text, and throws `option_invalid` with the flag's name when it has none.
 */
export type Parse<Value> = (text: string, flag: string) => Value;

/** A flag without a value. */
export function flag(spec: string, words: string): Flag<true | undefined> {
  return { option: optionOf(spec, words) };
}

/** A flag with a value. Given twice, the last one counts. */
export function value<Value>(
  spec: string,
  words: string,
  parse: Parse<Value>,
): Flag<Value | undefined> {
  const option = optionOf(spec, words);
  return { option: { ...option, read: (text) => parse(text, option.long) } };
}

/** A flag with a value that may be left out, which gives `true`. */
export function optionalValue<Value>(
  spec: string,
  words: string,
  parse: Parse<Value>,
): Flag<Value | true | undefined> {
  return value<Value | true>(spec, words, parse);
}

/** A flag with a value that may be given several times. */
export function values<Value>(
  spec: string,
  words: string,
  parse: Parse<Value>,
): Flag<readonly Value[] | undefined> {
  const option = optionOf(spec, `${words} (repeatable)`);
  const add = (text: string, before: unknown) => [
    ...((before as readonly Value[] | undefined) ?? []),
    parse(text, option.long),
  ];
  return { option: { ...option, read: add } };
}

/** `-n, --step <n>`: the value in pointed brackets must be there, in square ones it may. */
function optionOf(flags: string, words: string): Option {
  const [, short, long = flags] = /^(?:(-\w), )?(--[\w-]+)/.exec(flags) ?? [];
  const takes = flags.endsWith(">")
    ? "a value"
    : flags.endsWith("]")
      ? "a value or nothing"
      : "nothing";
  return { flags, words, short, long, takes };
}
