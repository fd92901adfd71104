/** How far a statement is, in words. */
import { describeBlockers, describeLock } from "../core/model/blocker.ts";
import type { RunEvent } from "../engine/events.ts";
import { elapsed } from "./took.ts";

type StatementProgressEvent = Extract<RunEvent, { type: "statement_progress" }>;

/** `create index on posts: 12 s · 43% · building index: scanning table`. */
export function statementLine(event: StatementProgressEvent): string {
  return `${operationWords(event)}: ${stateWords(event)}`;
}

/** The time and the share come first, because the end of a long line is cut off on a terminal. */
export function stateWords({ elapsedMs, share, phase, wait }: StatementProgressEvent): string {
  const words = [
    elapsed(elapsedMs),
    share === undefined ? undefined : `${Math.floor(share * 100)}%`,
    wait?.wanted === undefined ? undefined : `waits for ${describeLock(wait.wanted)}`,
    wait === undefined ? phase : `in the way: ${describeBlockers(wait.blockers)}`,
  ];
  return words.filter((word) => word !== undefined).join(" · ");
}

/** A transaction is one message, so only the server knows which of its statements runs. */
export function operationWords({ operations, on }: StatementProgressEvent): string {
  const [first = "", ...others] = operations;
  const name = first.split("\n", 1)[0] ?? "";
  if (others.length > 0) return `${operations.length} operations${on ? `, at ${on}` : ""}`;
  return name;
}
