/** The text of `status` on a narrow terminal: names are cut, versions and commands stay whole. */

const row = /^ {2}(\S+(?: \(edited\))?) {2,}(\d\S*|R(?: \d+)?)(?: +(.*))?$/;
const ranAt = /^(.*?) {2,}(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)$/;
const remark = /^(.*?) (\([^()]*\))$/;
/** A command or a statement, which is copied as a whole: the terminal breaks it and does not. */
const copied =
  /(?:finish it|undo it|free it now|end it|rollback|settle it|run|see):|\bslipway \S|SELECT |^ +(?:done|in doubt|to come) /;

/** The text for a terminal of this width. */
export function narrowStatus(text: string, columns: number): string {
  const lines = text.split("\n");
  const words = lines.flatMap((line) => row.exec(line)?.[1] ?? []);
  const wide = Math.max(6, ...words.map((word) => word.length));
  return lines.flatMap((line) => narrowLine(line, { columns, wide })).join("\n");
}

type Size = { readonly columns: number; readonly wide: number };

function narrowLine(line: string, { columns, wide }: Size): readonly string[] {
  if (/^-+$/.test(line)) return [line.slice(0, columns)];
  if (/^ {2}Status {2,}/.test(line))
    return [cut(`  ${"Status".padEnd(wide)}  ${"Migration".padEnd(14)}  Name`, columns)];
  const [found, word = "", version = "", rest = ""] = row.exec(line) ?? [];
  if (found !== undefined) {
    const [, before = rest, time] = ranAt.exec(rest) ?? [];
    const [, name = before, note] = remark.exec(before.trimEnd()) ?? [];
    const start = `  ${word.padEnd(wide)}  ${version.padEnd(14)}  `;
    const below = [note, time].flatMap((more) => folded(more ?? "", { columns, indent: wide + 4 }));
    const room = columns - start.length;
    return [room < 2 ? start.trimEnd() : `${start}${cut(name, room)}`.trimEnd(), ...below];
  }
  if (line.length <= columns || copied.test(line)) return [line];
  const indent = line.length - line.trimStart().length;
  return folded(line.trimStart(), { columns, indent });
}

function cut(line: string, columns: number): string {
  const signs = [...line];
  return signs.length <= columns ? line : `${signs.slice(0, columns - 1).join("")}…`;
}

/** Between words; each line but the first stands two signs further in. */
function folded(
  text: string,
  { columns, indent }: { readonly columns: number; readonly indent: number },
): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ").filter(Boolean)) {
    const start = " ".repeat(lines.length === 0 ? indent : indent + 2);
    if (line !== "" && line.length + 1 + word.length > columns) {
      lines.push(line);
      line = " ".repeat(indent + 2) + word;
    } else line = line === "" ? start + word : `${line} ${word}`;
  }
  return line === "" ? lines : [...lines, line];
}
