/** Liquibase's formatted SQL: one file, cut into its change sets. */
import { InvalidSql } from "./invalid-sql.ts";

/** One change set. Its texts are padded with empty lines, so that their lines have the numbers of the file. */
export type Changeset = {
  readonly author: string;
  readonly id: string;
  readonly up: string;
  /** `undefined`: nobody wrote a rollback. */
  readonly down: string | undefined;
  /** `false` where it says `runInTransaction:false`. */
  readonly transaction: false | undefined;
  /** It says `runOnChange:true`. */
  readonly repeatable: boolean;
};

type Open = Omit<Changeset, "up" | "down"> & {
  readonly up: string[];
  readonly down: string[];
  readonly isIgnored: boolean;
};

const either = /^(?:true|false)$/i;

/**
 * The attributes that Slipway follows, in lower case, each with the accepted values. Any other one
 * would decide whether the set runs, or how. Statements are cut as the database cuts them and
 * comments are no statements, whatever an attribute says about that.
 */
const followed: ReadonlyMap<string, RegExp> = new Map([
  ["runintransaction", either],
  ["runonchange", either],
  ["ignore", either],
  ["runalways", /^false$/i],
  ["failonerror", /^true$/i],
  ["enddelimiter", /^;$/],
  ["rollbackenddelimiter", /^;$/],
  ["splitstatements", either],
  ["rollbacksplitstatements", either],
  ["stripcomments", either],
  // Who made it, and where it lies for Liquibase: here a set is known by its file, author and id.
  ["created", /^/],
  ["logicalfilepath", /^/],
]);

/**
 * Cuts a file that begins with `--liquibase formatted sql`. What says `ignore:true` is left out, as Liquibase does.
 *
 * @throws {InvalidSql} for what else would decide whether it runs: contexts, labels, preconditions, databases
 */
export function changesetsOf(text: string): readonly Changeset[] {
  const sets: Open[] = [];
  let isBlockRollback = false;
  for (const [at, row] of text.split("\n").entries()) {
    const [, word = "", rest = ""] =
      /^\s*--\s*(liquibase|changeset|rollback|comment|preconditions|precondition-\S+|property|ignoreLines)\b:?\s*(.*?)\s*$/i.exec(
        row,
      ) ?? [];
    const set = sets.at(-1);
    switch (word.toLowerCase()) {
      case "changeset":
        sets.push(opened(rest, at));
        isBlockRollback = false;
        break;
      case "rollback":
        if (/\bchangesetId:/i.test(rest)) throw refused(`--rollback ${rest}`, at);
        set?.down.push(
          ...padding(at, set.down),
          /^(?:empty|not required)$/i.test(rest) ? "" : rest,
        );
        break;
      case "":
        if (set === undefined) break;
        if (/^\s*\/\*\s*liquibase\s+rollback\s*$/i.test(row)) isBlockRollback = true;
        else if (isBlockRollback && /^\s*\*\/\s*$/.test(row)) isBlockRollback = false;
        else if (isBlockRollback) set.down.push(...padding(at, set.down), row);
        else set.up.push(...padding(at, set.up), row);
        break;
      case "liquibase":
      case "comment":
        break;
      default:
        if (set?.isIgnored && /^precondition/i.test(word)) break;
        throw refused(`--${word}`, at);
    }
  }
  return sets
    .filter(({ isIgnored }) => !isIgnored)
    .map(({ up, down, isIgnored: _, ...set }) => ({
      ...set,
      up: up.join("\n"),
      down: down.length === 0 ? undefined : down.join("\n"),
    }));
}

function padding(line: number, lines: readonly string[]): readonly string[] {
  return Array<string>(Math.max(0, line - lines.length)).fill("");
}

function opened(words: string, at: number): Open {
  const [key = "", ...attributes] = words.split(/\s+/);
  const [, author, id] = /^([^:]+):(\S+)$/.exec(key.replaceAll('"', "")) ?? [];
  if (author === undefined || id === undefined)
    throw new InvalidSql(`--changeset ${words} names no author and id`, {
      line: at + 1,
      hint: "Write it like --changeset ann:1.",
    });
  const isIgnored = attributes.some((one) => /^ignore:true$/i.test(one));
  const said = new Map<string, string>();
  for (const attribute of attributes.filter(Boolean)) {
    const [, name = "", value = ""] = /^([^:]*):?(.*)$/.exec(attribute) ?? [];
    if (!isIgnored && !followed.get(name.toLowerCase())?.test(value)) throw refused(attribute, at);
    said.set(name.toLowerCase(), value.toLowerCase());
  }
  return {
    ...{ author, id, up: [], down: [] },
    transaction: said.get("runintransaction") === "false" ? false : undefined,
    repeatable: said.get("runonchange") === "true",
    isIgnored,
  };
}

function refused(words: string, at: number): InvalidSql {
  return new InvalidSql(`Slipway does not follow ${words} of Liquibase`, {
    line: at + 1,
    hint: "Take it out, or put its change set into a file that runs where it should.",
  });
}
