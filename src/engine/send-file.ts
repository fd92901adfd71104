/** Sends an SQL file while it is read. Loaded where one is too large to be read as a whole. */
import { type Session, StatementFailed } from "../adapters/adapter.ts";
import type { StreamedFile } from "../core/language/operation.ts";
import { type FailedAt, ReleaseError } from "../core/model/errors.ts";
import type { SqlStatement } from "../core/model/statement.ts";
import { plain } from "../core/model/statement.ts";
import { countLines, InvalidSql } from "../core/sql/invalid-sql.ts";
import { streamedStatements } from "../core/sql/statement-stream.ts";
import { excerpt } from "./failed-at.ts";
import { interruptible } from "./interruptible.ts";
import type { RunContext } from "./run-context.ts";

/**
 * The maximum that is sent at once, in characters and in statements, while the next part is cut.
 */
const longestBatch = 250_000;
const mostStatements = 5_000;

/** Says where in the file a statement failed. */
export class FileFailed extends Error {
  override readonly name = "FileFailed";
  readonly place: FailedAt;

  constructor(place: FailedAt, cause: Error) {
    super(cause.message, { cause });
    this.place = place;
  }
}

/** @throws {FileFailed}; {ReleaseError} `migration_invalid` where the text goes wrong */
export async function sendFile(
  file: StreamedFile,
  at: {
    readonly session: Session;
    readonly context: RunContext;
    readonly log: (sql: string) => void;
  },
): Promise<void> {
  const batches = batchesOf(streamedStatements(file.pieces()));
  const next = () => nextOf(batches, file);
  for (let batch = next(); !batch.done; ) {
    const sending = sendBatch(batch.value, at);
    // The server is at work meanwhile. A failure of it is the earlier one, and the one to tell.
    sending.catch(() => undefined);
    try {
      batch = next();
    } catch (error) {
      await sending;
      throw error;
    }
    await sending;
  }
}

function nextOf(batches: Iterator<Batch, void, undefined>, { origin }: StreamedFile) {
  try {
    return batches.next();
  } catch (cause) {
    if (!(cause instanceof InvalidSql)) throw cause;
    const { message: reason, hint } = cause;
    throw new ReleaseError("migration_invalid", { origin, reason, hint }, { cause });
  }
}

type Batch = { readonly statements: readonly SqlStatement[]; readonly before: number };

function* batchesOf(statements: Iterable<SqlStatement>): Generator<Batch, void, undefined> {
  let batch: SqlStatement[] = [];
  let [length, before] = [0, 0];
  for (const statement of statements) {
    batch.push(statement);
    length += statement.sql.length + (statement.stdin?.length ?? 0);
    if (length < longestBatch && batch.length < mostStatements) continue;
    yield { statements: batch, before };
    before += batch.length;
    batch = [];
    length = 0;
  }
  if (batch.length > 0) yield { statements: batch, before };
}

async function sendBatch(
  { statements, before }: Batch,
  { session, context, log }: Parameters<typeof sendFile>[1],
): Promise<void> {
  for (const { sql } of statements) log(sql);
  const sent = statements.map(({ sql, stdin }) =>
    stdin === undefined ? plain(sql) : { ...plain(sql), stdin },
  );
  try {
    await interruptible(context, () => session.execute(sent));
  } catch (error) {
    if (!(error instanceof StatementFailed)) throw error;
    const { index, offset = 0 } = error;
    const { sql, line } = statements[index]!;
    throw new FileFailed(
      {
        line: line + countLines(sql, 0, offset),
        statement: before + index + 1,
        near: excerpt(sql, offset),
      },
      error,
    );
  }
}
