/** Finds the claims that the rules believe by the history, although the catalog shows otherwise. */
import type { Session } from "../adapters/adapter.ts";
import { answerOf, type CatalogProbe, type ProbeState } from "../core/model/probe.ts";
import type { Statement } from "../core/model/statement.ts";
import { type Warning, warning } from "../core/model/warnings.ts";
import type { Step } from "../core/plan/step.ts";
import type { VerdictFinding } from "../core/safety/rules/verdict-data.ts";
import { probeOfSql } from "../core/sql/probe-sql.ts";
import type { SqlSyntax } from "../core/sql/token.ts";
import type { Sifted } from "./let-through.ts";

/** "It is there already", or "it is not there": a claim about one thing, which somebody may have changed by hand. */
const isAboutPresence = /\b(already|there is no|has no column)\b/;

/** Leaves out findings that the catalog disproves, unless the run itself makes them true before. */
export async function believed<One extends VerdictFinding>(
  found: readonly One[],
  { session, steps }: { readonly session: Session; readonly steps: readonly Step[] },
): Promise<Sifted<One>> {
  const { dialect } = session;
  const left: One[] = [];
  const warnings: Warning[] = [];
  for (const one of found) {
    const probe =
      one.rule === "will-fail" && isAboutPresence.test(one.message)
        ? catalogProbe({ sql: one.statement }, dialect.syntax)
        : undefined;
    if (
      probe === undefined ||
      !isAbout(one.message, probe) ||
      isOfTheRun(probe, steps, dialect.syntax)
    ) {
      left.push(one);
      continue;
    }
    const [row] = await session.query(dialect.probeSql(probe));
    if (answerOf(probe, row?.state as ProbeState) !== "not_done") left.push(one);
    else warnings.push(warning("disproved", { rule: one.rule, message: one.message }));
  }
  return { left, warnings };
}

/**
 * Whether the claim is about the thing of the probe, and not about another one that the statement
 * names.
 */
function isAbout(message: string, { kind, name, part }: CatalogProbe): boolean {
  const thing = `(?:\\S+\\.)?"?${(part ?? name.name).replace(/\W/g, "\\$&")}"?`;
  const word = kind.replace("_", " ");
  return new RegExp(
    `\\b(?:${word} ${thing}(?!\\w)|relation ${thing} already)|(?<![^\\s:])${thing} exists already`,
    "i",
  ).test(message);
}

function catalogProbe(
  { sql, probe }: Pick<Statement, "sql" | "probe">,
  syntax: SqlSyntax,
): CatalogProbe | undefined {
  const found = probe ?? probeOfSql(sql, syntax);
  return found !== undefined && "expect" in found ? found : undefined;
}

/** Whether another statement of the run is about the same thing, so that the catalog of now tells nothing. */
function isOfTheRun(probe: CatalogProbe, steps: readonly Step[], syntax: SqlSyntax): boolean {
  const same = steps
    .flatMap(({ actions }) => actions)
    .flatMap((action) => (action.kind === "statements" ? action.statements : []))
    .map((statement) => catalogProbe(statement, syntax))
    .filter((one) => one !== undefined && isSameThing(one, probe));
  return same.length > 1;
}

function isSameThing(one: CatalogProbe, other: CatalogProbe): boolean {
  return one.kind === other.kind && one.name.name === other.name.name && one.part === other.part;
}
