/** Adds to findings the sizes of their tables. */
import { grade, sizeMatters, type TableSizes } from "../core/safety/rules/grade.ts";
import type { Finding, Findings } from "./finding.ts";

/** Grades them again, with known sizes. */
export function graded({ findings, answered }: Findings, sizes: TableSizes): Findings {
  const one = <Any extends Finding>(finding: Any): Any => ({
    ...finding,
    ...grade(finding, sizes),
  });
  return { findings: findings.map(one), answered: answered.map(one) };
}

/** The tables whose sizes matter to the findings. */
export function tablesThatMatter({ findings, answered }: Findings): readonly string[] {
  const matter = [...findings, ...answered].filter(({ rule }) => sizeMatters(rule));
  return [...new Set(matter.flatMap(({ tables }) => tables))];
}
