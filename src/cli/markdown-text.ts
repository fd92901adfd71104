/** Parts of Markdown that take any text: a name, a reason or SQL contains no markup. */

/** A list. */
export function list(lines: readonly string[]): string {
  return lines.map((line) => `- ${line}`).join("\n");
}

/** A block of code, in a fence that is longer than any in the text. */
export function fenced(text: string, language: string): string {
  const fence = "`".repeat(longestRun(text) < 3 ? 3 : longestRun(text) + 1);
  return `${fence}${language}\n${text}\n${fence}`;
}

/** Code inside of a line. */
export function code(text: string): string {
  const fence = "`".repeat(longestRun(text) + 1);
  const pad = text.includes("`") ? " " : "";
  return `${fence}${pad}${text.replaceAll("\n", " ")}${pad}${fence}`;
}

/** Words that are no markup. */
export function plain(text: string): string {
  return text.replaceAll("\n", " ").replace(/[\\`*_{}[\]<>#|~@]/g, (sign) => `\\${sign}`);
}

function longestRun(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
}
