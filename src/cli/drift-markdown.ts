/** The changes by hand, as Markdown. */
import type { SchemaVerification } from "../release/verify-schema.ts";
import { code, fenced, list, plain } from "./markdown-text.ts";

/** A heading, and the differences of each repo. */
export function driftMarkdown(repos: readonly SchemaVerification[]): string {
  const count = repos.reduce((sum, { drifted }) => sum + drifted.length, 0);
  return [
    `## Schema: ${count === 0 ? "nothing" : count} changed by hand`,
    ...repos.flatMap(({ repo, drifted, told }) => [
      ...(drifted.length + told.length === 0 ? [] : [`### Repo ${code(repo)}`]),
      ...(drifted.length === 0
        ? []
        : [fenced(drifted.flatMap(({ lines }) => lines).join("\n"), "diff")]),
      ...(told.length === 0 ? [] : [list(told.map((line) => `not judged: ${plain(line)}`))]),
    ]),
  ]
    .map((block) => `${block}\n`)
    .join("\n");
}
