/** Help, as text. */
import type { FlagSet } from "./flags.ts";

/** A page of help. */
export type HelpPage = {
  /** `slipway migrate [options]`. */
  readonly usage: string;
  readonly words: string;
  readonly options: readonly Line[];
  readonly commands?: readonly Line[];
};

/** The words to type, and their meaning. */
export type Line = { readonly term: string; readonly words: string };

const width = 80;
/** Words are not folded into less than that. */
const leastWidth = 40;

/** The lines of flags. */
export function linesOf(flags: FlagSet): readonly Line[] {
  return Object.values(flags).map(({ option }) => ({ term: option.flags, words: option.words }));
}

/** Folded to 80 columns. */
export function helpText({ usage, words, options, commands = [] }: HelpPage): string {
  const column = Math.max(...[...options, ...commands].map(({ term }) => term.length)) + 2;
  const list = (title: string, lines: readonly Line[]) =>
    lines.length === 0 ? [] : ["", `${title}:`, ...lines.map((line) => item(line, column))];
  const parts = [
    `Usage: ${usage}`,
    "",
    fold(words, width),
    ...list("Options", options),
    ...list("Commands", commands),
  ];
  return `${parts.join("\n")}\n`;
}

function item({ term, words }: Line, column: number): string {
  const left = width - 2 - column;
  const folded = left < leastWidth ? words : fold(words, left);
  return `  ${term.padEnd(column)}${folded.replaceAll("\n", `\n  ${" ".repeat(column)}`)}`;
}

function fold(text: string, columns: number): string {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > columns) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines.join("\n");
}
