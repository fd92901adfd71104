/** The history of another tool in a database: found, seen to be free, and read. */
import type { Row, Session } from "../adapters/adapter.ts";
import { DevelopmentError } from "../core/model/development-error.ts";
import type { Named } from "../core/model/named.ts";
import { type FoundHistory, findHistories, tablesToLookFor } from "../histories/find-histories.ts";
import type { ForeignRow, TextRow } from "../histories/foreign-history.ts";
import { histories } from "../histories/index.ts";
import type { Repo } from "./config.ts";
import { openSession } from "./open.ts";
import { presentTables } from "./present-tables.ts";
import type { RunWorld } from "./run-world.ts";

/** The history that a request means. */
export type ForeignRequest = {
  readonly repo: Repo;
  /** As `--from` has it. Default: the one that is there. */
  readonly from?: string | undefined;
  /** Its table, where that has another name. */
  readonly table?: string | undefined;
  readonly dryRun: boolean;
};

/** @throws {ReleaseError} `foreign_missing`, `foreign_ambiguous`, `foreign_locked` */
export async function findForeign(
  { repo, from, table }: ForeignRequest,
  session: Session,
): Promise<FoundHistory> {
  const present = await presentTables(session, [
    ...tablesToLookFor(),
    ...(table === undefined ? [] : [table]),
  ]);
  const found = findHistories(present, table).filter(
    ({ history, table: { name } }) =>
      (from === undefined || history.tool === from) && (table === undefined || name === table),
  );
  const [only, second] = found;
  if (only === undefined) {
    const known = from === undefined ? histories : histories.filter(({ tool }) => tool === from);
    const labels =
      from === undefined ? ["a tool that Slipway knows"] : known.map((one) => one.label);
    throw new DevelopmentError("foreign_missing", { repo: repo.name, known: labels });
  }
  if (second !== undefined) {
    const names = found.map(({ history, table: { schema, name } }) => {
      return `${history.tool} (${[schema, name].filter(Boolean).join(".")})`;
    });
    throw new DevelopmentError("foreign_ambiguous", { repo: repo.name, found: names });
  }
  await refuseLocked(only, present, { repo, session });
  return only;
}

/** A lock row that is held means that the tool runs now, or that it died in the middle. */
async function refuseLocked(
  { history, table }: FoundHistory,
  present: readonly { readonly schema: string | undefined; readonly name: string }[],
  { repo, session }: { readonly repo: Repo; readonly session: Session },
): Promise<void> {
  const { lock } = history;
  const there = present.some(({ schema, name }) => schema === table.schema && name === lock?.table);
  if (lock === undefined || !there) return;
  const { dialect } = session;
  const from = dialect.quoteNamed(inSchema(lock.table, table.schema));
  const value = dialect.castToText(dialect.quote(lock.column));
  const rows = await session.query(`SELECT ${value} AS ${dialect.quote("held")} FROM ${from}`);
  if (rows.some((row) => lock.held.includes(String(row.held)))) {
    const { label: tool } = history;
    throw new DevelopmentError("foreign_locked", { repo: repo.name, tool, table: lock.table });
  }
}

/** Its rows as they ran. But for a dry run nobody writes them meanwhile. */
export async function readForeign(
  { history, table }: FoundHistory,
  session: Session,
  { dryRun }: ForeignRequest,
): Promise<readonly ForeignRow[]> {
  const { dialect } = session;
  const named = inSchema(table.name, table.schema);
  if (!dryRun) await session.query(dialect.holdRowsSql(named));
  const later = (history.laterColumns ?? []).filter((name) => table.columns.includes(name));
  // Without its table a name in ORDER BY is the text that is selected, in which 10 comes before 9.
  const column = (name: string) => `${dialect.quote("t")}.${dialect.quote(name)}`;
  const textOf = (name: string) =>
    history.wallClock?.includes(name) && dialect.wallClock !== undefined
      ? dialect.wallClock.toText(column(name))
      : dialect.castToText(column(name));
  const texts = [...history.columns, ...later].map(
    (name) => `${textOf(name)} AS ${dialect.quote(name)}`,
  );
  const order = history.order.map(column).join(", ");
  const from = `${dialect.quoteNamed(named)} AS ${dialect.quote("t")}`;
  const rows = await session.query(`SELECT ${texts.join(", ")} FROM ${from} ORDER BY ${order}`);
  const said = rows.flatMap((row) => {
    const text = textRow(row);
    const one = history.says(text);
    return one === undefined ? [] : [{ ...one, text }];
  });
  return history.together?.(said) ?? said;
}

function textRow(row: Row): TextRow {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      value === null || value === undefined ? undefined : String(value),
    ]),
  );
}

/** As SQL names it. */
export function inSchema(name: string, schema: string | undefined): Named {
  return schema === undefined ? { name } : { name, prefix: schema };
}

/** Opens the session that takes over a history, or gives it back; a dry run leaves nothing behind. */
export function openForeign(request: ForeignRequest, world: RunWorld): Promise<Session> {
  const reads = request.dryRun ? "quietly" : undefined;
  return openSession(request.repo, { role: "work", reads, ...world });
}
