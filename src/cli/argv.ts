/** Turns the words after a command into its arguments and its flags. */
import { parseArgs } from "node:util";
import { ReleaseError } from "../core/model/errors.ts";
import type { FlagSet, Option } from "./flags.ts";
import { similar } from "./similar.ts";

/** The arguments and flags that the user gave. */
export type GivenArguments = {
  readonly args: readonly string[];
  /** Values by the key of the flag. */
  readonly flags: { readonly [key: string]: unknown };
};

/** The arguments and flags that a command takes. */
export type Shape = {
  readonly flags: FlagSet;
  /** Whether all words from the first argument on are arguments, also those that look like flags. */
  readonly passThrough: boolean;
  /** The hint where nothing better can be said. */
  readonly hint: string;
};

/**
 * Reads words as Node does: https://nodejs.org/api/util.html#utilparseargsconfig
 *
 * @throws {ReleaseError} `usage_invalid`, `option_invalid`
 */
export function readWords(words: readonly string[], shape: Shape): GivenArguments {
  const { tokens } = parseArgs({
    args: [...words],
    options: optionsOf(shape.flags),
    // Slipway reports mistakes itself, in its words instead of Node's.
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const args: string[] = [];
  const flags: { [key: string]: unknown } = {};
  const rest = [...tokens];
  for (let token = rest.shift(); token !== undefined; token = rest.shift()) {
    if (token.kind === "option-terminator") continue;
    if (token.kind === "positional") {
      if (shape.passThrough) return { args: words.slice(token.index), flags };
      args.push(token.value);
      continue;
    }
    const [key, option] = find(token, shape);
    const [next] = rest;
    const follows = next?.kind === "positional" && next.index === token.index + 1;
    if (option.takes === "a value or nothing" && token.value === undefined && follows) rest.shift();
    const text = token.value ?? (option.takes !== "nothing" && follows ? next.value : undefined);
    if (text === undefined && option.takes === "a value") {
      const reason = `option ${option.flags} argument missing`;
      throw new ReleaseError("usage_invalid", { reason, hint: shape.hint });
    }
    flags[key] = text === undefined ? true : (option.read?.(text, flags[key]) ?? text);
  }
  return { args, flags };
}

/**
 * In Node no value may be left out: such a flag is read without one, and Slipway looks at the next
 * word.
 */
function optionsOf(flags: FlagSet) {
  return Object.fromEntries(
    Object.values(flags).map(({ option: { long, short, takes } }) => [
      long.slice(2),
      {
        type: takes === "a value" ? ("string" as const) : ("boolean" as const),
        ...(short === undefined ? {} : { short: short.slice(1) }),
      },
    ]),
  );
}

type OptionToken = {
  readonly name: string;
  readonly rawName: string;
  readonly value?: string | undefined;
};

/** Help counts at any place, but not among words that the command passes on. */
export function asksForHelp(words: readonly string[], passThrough: boolean): boolean {
  const end = words.findIndex((word) => word === "--" || (passThrough && !word.startsWith("-")));
  const own = end < 0 ? words : words.slice(0, end);
  return own.includes("--help") || own.includes("-h");
}

/** The option that a word names. @throws {ReleaseError} `usage_invalid` */
function find({ name, rawName, value }: OptionToken, { flags, hint }: Shape): [string, Option] {
  const found = Object.entries(flags).find(([, { option }]) => option.long === `--${name}`);
  const hasToo = value !== undefined && found?.[1].option.takes === "nothing";
  if (found !== undefined && !hasToo) return [found[0], found[1].option];
  const known = Object.values(flags).map(({ option }) => option.long);
  throw new ReleaseError("usage_invalid", {
    reason: `unknown option ${value === undefined ? rawName : `${rawName}=${value}`}`,
    hint: similar(rawName, known) ?? hint,
  });
}
