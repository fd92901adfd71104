/** The changes that the migrations lack for a wished schema, as Markdown. */
import { code, fenced } from "../markdown-text.ts";

/** A heading, and the changes that a migration would make. */
export function diffMarkdown({
  repo,
  wished,
  changes,
}: {
  readonly repo: string;
  readonly wished: string;
  readonly changes: readonly string[];
}): string {
  const head = `## Schema of repo ${code(repo)}: `;
  if (changes.length === 0) return `${head}the migrations make ${code(wished)}\n`;
  return `${head}${changes.length} not in a migration\n\n${fenced(changes.join("\n"), "text")}\n\nWrite it: ${code(`slipway gen migration NAME --diff --to ${wished}`)}\n`;
}
