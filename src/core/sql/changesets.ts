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

type Open = Omit<Changeset, "up" | "down"> & { readonly up: string[]; readonly down: string[] };

/** What changes nothing of what runs here. */
const harmless =
  /^(?:runInTransaction|runOnChange|splitStatements|stripComments|failOnError|logicalFilePath|created|ignore)$/i;

/**
 * Cuts a file that begins with `--liquibase formatted sql`.
 *
 * @throws {InvalidSql} for what would decide whether it runs: contexts, labels, preconditions, databases
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
        throw refused(`--${word}`, at);
    }
  }
  return sets.map(({ up, down, ...set }) => ({
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
  const said = new Map(attributes.map((one) => one.split(":") as [string, string]));
  const other = [...said].find(
    ([name, value]) => !harmless.test(name) && !(/^endDelimiter$/i.test(name) && value === ";"),
  );
  if (other !== undefined) throw refused(`${other[0]}:${other[1]}`, at);
  const has = (wanted: string, value: string) =>
    [...said].some(([name, given]) => name.toLowerCase() === wanted && given === value);
  return {
    ...{ author, id, up: [], down: [] },
    transaction: has("runintransaction", "false") ? false : undefined,
    repeatable: has("runonchange", "true"),
  };
}

function refused(words: string, at: number): InvalidSql {
  return new InvalidSql(`Slipway does not follow ${words} of Liquibase`, {
    line: at + 1,
    hint: "Take it out, or put its change set into a file that runs where it should.",
  });
}
