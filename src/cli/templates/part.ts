/** A part of a difference as the text of a migration. */
import type { PartLine } from "../../core/difference/part-lines.ts";
import type { MigrationPart } from "../../core/difference/safe-parts.ts";
import { inputFromDigits, type Version } from "../../core/model/migration.ts";
import { operationCode } from "./operation-code.ts";

/** `answers` are reasons by the rules that they answer. */
export function partText(
  { phase, reason, lines }: MigrationPart,
  {
    answers = {},
    requires,
  }: {
    readonly answers?: { readonly [rule: string]: string };
    /** The version of the part that must have run before. Default: none. */
    readonly requires?: Version | undefined;
  } = {},
): string {
  const code = lines.flatMap(lineCode).join("\n");
  const imported = /\bsql`/.test(code) ? "defineMigration, sql" : "defineMigration";
  const said = Object.entries(answers).map(
    ([rule, why]) => `    ${JSON.stringify(rule)}: ${JSON.stringify(why)},\n`,
  );
  return [
    `import { ${imported} } from "slipway";\n\n`,
    reason === undefined ? "" : `// ${reason}\n`,
    "export default defineMigration({\n",
    phase === "before" ? "" : `  phase: "${phase}",\n`,
    requires === undefined ? "" : `  requires: { migration: ${inputText(requires)} },\n`,
    said.length === 0 ? "" : `  safe: {\n${said.join("")}  },\n`,
    `  change(m) {\n${code}\n  },\n});\n`,
  ].join("");
}

function inputText(version: Version): string {
  const input = inputFromDigits(version);
  return typeof input === "bigint" ? `${input}n` : JSON.stringify(input);
}

/** The later lines of a template literal keep their place: they are SQL. */
function lineCode({ operation, reason }: PartLine): readonly string[] {
  const code = indented(operationCode(operation));
  return [...(reason === undefined ? [] : [`    // ${reason}`]), code];
}

function indented(code: string): string {
  let isInside = false;
  return code
    .split("\n")
    .map((line) => {
      const own = isInside ? line : `    ${line}`;
      const ticks = line.replace(/\\./g, "").split("`").length - 1;
      if (ticks % 2 === 1) isInside = !isInside;
      return own;
    })
    .join("\n");
}
