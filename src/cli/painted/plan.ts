/** A plan with colours. */
import { paint } from "./paint.ts";
import { paintedSql } from "./sql.ts";

const sqlIndent = "      ";

/** The text of `plan` with its SQL, titles and warnings in colour. Without them it is the same text. */
export function paintedPlan(text: string): string {
  const blocks: string[] = [];
  let isRollout = false;
  for (const block of blocksOf(text.split("\n"))) {
    if (block[0]?.startsWith("Rollout of ")) isRollout = true;
    // The rollout is indented as deeply, and is no SQL.
    const isSql = !isRollout && block[0]?.startsWith(sqlIndent);
    blocks.push(isSql ? paintedSql(block.join("\n")) : block.map(paintedLine).join("\n"));
  }
  return blocks.join("\n");
}

/** Lines of SQL together, because a string or a comment may have several; every other line by itself. */
function blocksOf(lines: readonly string[]): readonly (readonly string[])[] {
  const blocks: string[][] = [];
  for (const line of lines) {
    const before = blocks.at(-1);
    const isSql = line.startsWith(sqlIndent);
    if (isSql && before?.[0]?.startsWith(sqlIndent)) before.push(line);
    else blocks.push([line]);
  }
  return blocks;
}

function paintedLine(line: string): string {
  if (/^(Repo: |Rollout of )/.test(line)) return paint("title", line);
  if (/^ {2}\d+ /.test(line))
    return line.replace(/^( {2})(\d+ \S+)/, (_, indent, name) => indent + paint("name", name));
  if (/^ {2}\d+\. /.test(line)) return paint("title", line);
  if (/^ *(warning|breaks old code)\b/.test(line)) return paint("warning", line);
  return line;
}
