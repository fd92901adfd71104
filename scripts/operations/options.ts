/** The options of a method as a table: their names and values from the checks of the language. */
import type { Check, OptionChecks } from "../../src/core/language/options/check.ts";
import { migrationChecks } from "../../src/core/language/options/migration.ts";
import { alterTableChecks, tableChecks } from "../../src/core/language/options/table.ts";
import type { MethodName } from "./operation-page.ts";
import { optionWords } from "./option-words.ts";

type Positions = { readonly [position: string]: OptionChecks };

const checks: { readonly [builder: string]: { readonly [method: string]: Positions } } = {
  m: migrationChecks,
  t: tableChecks,
  change: alterTableChecks,
};

/** How to call it, and a table for each argument that has options. */
export function methodOptions(method: MethodName, names: readonly string[]): readonly string[] {
  const [builder = "", name = ""] = method.split(".");
  const shown = builder === "change" ? `t.${name}` : method;
  const positions = Object.entries(checks[builder]?.[name] ?? {});
  return [
    `\`${shown}(${names.join(", ")})\`${builder === "change" ? " in `m.alterTable`" : ""}\n`,
    ...positions.flatMap(([at, options]) => [
      ...(names[Number(at)] === "options" ? [] : [`Fields of \`${names[Number(at)]}\`:\n`]),
      optionTable(method, options),
    ]),
    ...(positions.length === 0 ? ["It takes no options.\n"] : []),
  ];
}

function optionTable(method: MethodName, options: OptionChecks): string {
  const rows = Object.entries(options).map(
    ([option, check]) =>
      `| \`${option}\` | ${option === "to" ? "text" : valueWords(check)} | ${meaning(method, option)} |`,
  );
  return ["| option | value | meaning |", "|---|---|---|", ...rows, ""].join("\n");
}

function meaning(method: MethodName, option: string): string {
  const words = optionWords[`${method}.${option}`] ?? optionWords[option];
  if (words === undefined)
    throw new Error(`scripts/operations/option-words.ts has no words for ${method}.${option}`);
  return words.replaceAll("|", "\\|");
}

function valueWords(check: Check): string {
  if ("oneOf" in check) return check.oneOf.map((word) => `\`"${word}"\``).join(", ");
  if ("options" in check) return "an object";
  return check.must === "anything" ? "any value" : check.must.replace("sql`…`", "`` sql`…` ``");
}
