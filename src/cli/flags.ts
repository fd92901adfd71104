/** Flags of a command, as values that carry the type of what they give. */
import { Option } from "commander";

/** One flag. `Value` is what the command finds under the flag's key. */
export type Flag<Value> = {
  readonly option: Option;
  /** Only for the type: never set. */
  readonly value?: Value;
};

/** The flags of a command, by the key under which it finds them. */
export type FlagSet = { readonly [key: string]: Flag<unknown> };

/** What a command finds for its flags: `undefined` for those that were not given. */
export type FlagValues<Flags extends FlagSet> = {
  readonly [Key in keyof Flags]: Flags[Key] extends Flag<infer Value> ? Value : never;
};

/** Gives what the text means, and throws `option_invalid` with the flag's name when it means nothing. */
export type Parse<Value> = (text: string, flag: string) => Value;

/** A flag that is there or not. */
export function flag(spec: string, words: string): Flag<true | undefined> {
  return { option: new Option(spec, words) };
}

/** A flag with a value. Given twice, the last one counts. */
export function value<Value>(
  spec: string,
  words: string,
  parse: Parse<Value>,
): Flag<Value | undefined> {
  const option = new Option(spec, words);
  return { option: option.argParser((text) => parse(text, nameOf(option))) };
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
  const option = new Option(spec, `${words} (repeatable)`);
  const add = (text: string, before: readonly Value[] | undefined) => [
    ...(before ?? []),
    parse(text, nameOf(option)),
  ];
  return { option: option.argParser(add) };
}

function nameOf(option: Option): string {
  return option.long ?? option.flags;
}
