/** Adds the sizes of tables to refused findings, where the size tells how bad they are. */
import type { Session } from "../adapters/adapter.ts";
import type { UnsafeFinding } from "../core/model/errors/safety.ts";
import { grade, rowsInWords, sizeMatters } from "../core/safety/rules/grade.ts";
import type { VerdictFinding } from "../core/safety/rules/verdict-data.ts";
import { readTableSizes } from "./table-sizes.ts";

/** Reads the sizes with one SELECT. */
export async function sized(
  found: readonly (VerdictFinding & { readonly origin: string })[],
  session: Session,
): Promise<readonly UnsafeFinding[]> {
  const matter = found.filter(({ rule }) => sizeMatters(rule)).flatMap(({ tables }) => tables);
  const sizes = await readTableSizes(session, [...new Set(matter)]);
  return found.map(({ origin, line, rule, message, tables }) => {
    const { severity, rows } = grade({ rule, tables }, sizes);
    const size = rows === undefined ? {} : { rows };
    const words = rows === undefined ? message : `${message} (${rowsInWords(rows)})`;
    return { origin, line, rule, message: words, severity, ...size };
  });
}
