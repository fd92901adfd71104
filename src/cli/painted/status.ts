/** The status of repos with colours. */
import { paint, type Role } from "./paint.ts";

/** The text of `status` with its problems in colour. Without colours it is the same text. */
export function paintedStatus(text: string): string {
  return text.split("\n").map(paintedLine).join("\n");
}

function paintedLine(line: string): string {
  if (/^Repo: /.test(line)) return paint("title", line);
  if (/^(-+| {2}Status {2,}.*)$/.test(line)) return paint("quiet", line);
  const row = /^( {2})(up|down|running|failed|stopped|part)( \(edited\))?(?= {2,}\d)/;
  const note = /^( {2})(running|failed|stopped|part|edited|backfill)()\b(?=.*:)/;
  return line.replace(row.test(line) ? row : note, (_, indent, word, edited = "") => {
    return indent + paint(roles[word] ?? "name", word) + (edited && paint("warning", edited));
  });
}

const roles: { readonly [word: string]: Role } = {
  up: "good",
  down: "warning",
  running: "name",
  failed: "failure",
  stopped: "failure",
  part: "failure",
  edited: "warning",
};
