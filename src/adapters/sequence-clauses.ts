import type { SequenceOptions } from "../core/language/operation.ts";
import type { Clause } from "./clauses.ts";

/** The clauses of a sequence, as PostgreSQL and MariaDB both spell them. */
export function sequenceClauses(options: SequenceOptions): readonly Clause[] {
  const { type, startValue, increment, minValue, maxValue, cache, cycle } = options;
  return [
    type !== undefined && `AS ${type}`,
    increment !== undefined && `INCREMENT BY ${increment}`,
    minValue !== undefined && `MINVALUE ${minValue}`,
    maxValue !== undefined && `MAXVALUE ${maxValue}`,
    startValue !== undefined && `START WITH ${startValue}`,
    cache !== undefined && `CACHE ${cache}`,
    cycle && "CYCLE",
  ];
}
