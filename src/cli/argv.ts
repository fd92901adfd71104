/** The words behind a command → its arguments and its flags. */
import { ReleaseError } from "../core/errors.ts";
import type { FlagSet, Option } from "./flags.ts";
import { similar } from "./similar.ts";

/** What was given. */
export type Given = {
  readonly args: readonly string[];
  /** Values by the key of the flag. */
  readonly flags: { readonly [key: string]: unknown };
};

/** What may be given. */
export type Shape = {
  readonly flags: FlagSet;
  /** Whether all words from the first argument on are arguments, also those that look like flags. */
  readonly passThrough: boolean;
  /** What to do where nothing better can be said. */
  readonly hint: string;
};

/** @throws {ReleaseError} `usage_invalid`, `option_invalid` */
export function readWords(words: readonly string[], shape: Shape): Given {
  const args: string[] = [];
  const flags: { [key: string]: unknown } = {};
  const rest = [...words];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === "--") return { args: [...args, ...rest], flags };
    if (!word.startsWith("-") || word === "-") {
      args.push(word, ...(shape.passThrough ? rest.splice(0) : []));
      continue;
    }
    const { key, option, inline } = find(word, shape);
    // `-ab` is `-a -b`, and `-n5` is `-n 5`.
    if (option.takes === "nothing" && inline !== undefined && !word.startsWith("--"))
      rest.unshift(`-${inline}`);
    const text = option.takes === "nothing" ? undefined : (inline ?? textFrom(rest, option, shape));
    flags[key] = text === undefined ? true : (option.read?.(text, flags[key]) ?? text);
  }
  return { args, flags };
}

type Found = { readonly key: string; readonly option: Option; readonly inline: string | undefined };

/** The option that a word names, and what stands in the same word. */
function find(word: string, { flags, hint }: Shape): Found {
  const [, name = word, inline] = word.startsWith("--")
    ? (/^(--[^=]*)(?:=(.*))?$/s.exec(word) ?? [])
    : (/^(-.)(.+)?$/s.exec(word) ?? []);
  const found = Object.entries(flags).find(([, { option }]) =>
    [option.short, option.long].includes(name),
  );
  const hasToo =
    inline !== undefined && word.startsWith("--") && found?.[1].option.takes === "nothing";
  if (found !== undefined && !hasToo) return { key: found[0], option: found[1].option, inline };
  const known = Object.values(flags).map(({ option }) => option.long);
  throw new ReleaseError("usage_invalid", {
    reason: `unknown option ${word}`,
    hint: similar(name, known) ?? hint,
  });
}

/** A value that may be left out is not a word that looks like a flag. */
function textFrom(rest: string[], option: Option, { hint }: Shape): string | undefined {
  if (option.takes === "a value or nothing") {
    return rest[0] === undefined || rest[0].startsWith("-") ? undefined : rest.shift();
  }
  const text = rest.shift();
  if (text !== undefined) return text;
  throw new ReleaseError("usage_invalid", {
    reason: `option ${option.flags} argument missing`,
    hint,
  });
}
