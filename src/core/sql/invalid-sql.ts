/** Says that the text of an SQL file cannot be run, before it is known which file it is. */
export class InvalidSql extends Error {
  override readonly name = "InvalidSql";
  readonly reason: string;
  /** Where in the text, from 1. */
  readonly line: number;
  readonly hint: string;
  /** Whether more text could make it right. */
  readonly isOpen: boolean;

  constructor(
    reason: string,
    options: { readonly line: number; readonly hint: string; readonly isOpen?: true },
  ) {
    super(`line ${options.line}: ${reason}`);
    this.reason = reason;
    this.line = options.line;
    this.hint = options.hint;
    this.isOpen = options.isOpen === true;
  }
}

/** The line that an offset is on, from 1. */
export function lineAt(text: string, offset: number): number {
  return countLines(text, 0, offset) + 1;
}

/** How many line breaks there are from one offset up to another. */
export function countLines(text: string, from: number, to: number): number {
  // Cut first: a search in the whole text would run on to a line break that is far behind.
  const part = text.slice(from, to);
  let count = 0;
  for (let at = part.indexOf("\n"); at !== -1; at = part.indexOf("\n", at + 1)) count++;
  return count;
}
