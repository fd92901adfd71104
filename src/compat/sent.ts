/** Statements of another tool, sent on the connection and in the transaction of the migration. */
import { toolSavepoint } from "../core/language/foreign-modules.ts";
import type { MigrationDatabase } from "../core/model/migration-database.ts";
import { splitStatements } from "../core/sql/statements.ts";
import type { SqlSyntax } from "../core/sql/token.ts";

/** What a statement gave, with all that drivers tell of it. */
export type SentResult = {
  readonly rows: readonly Record<string, unknown>[];
  /** How many rows it changed, or gave. */
  readonly rowCount: number;
  /** Its first word, in capitals. */
  readonly command: string;
};

/** Sends statements one after the other, however many are given at once. Of a text with several, the last one answers. */
export type Send = (sql: string, parameters?: readonly unknown[]) => Promise<SentResult>;

export type HowToSend = {
  /** Whether the migration is in a transaction of ours. */
  readonly transaction: boolean;
  readonly syntax: SqlSyntax;
};

/**
 * Inside of our transaction, one that the tool begins is a savepoint: it must not end ours.
 * Without `transaction` its BEGIN and COMMIT are as they stand.
 */
export function sender(db: MigrationDatabase, { transaction, syntax }: HowToSend): Send {
  const depth: string[] = [];
  let last: Promise<unknown> = Promise.resolve();
  return (text, parameters) => {
    const send = async () => {
      let sent: SentResult = { rows: [], rowCount: 0, command: "" };
      for (const sql of statementsIn(text, parameters, syntax))
        sent =
          transaction && isControl.test(sql)
            ? await control(db, sql, depth)
            : await sendOne(db, sql, parameters?.length === 0 ? undefined : parameters);
      return sent;
    };
    const sent = last.then(send, send);
    last = sent;
    return sent;
  };
}

/** A text without parameters may be several statements, among them a COMMIT that must not be ours. */
function statementsIn(
  text: string,
  parameters: readonly unknown[] | undefined,
  syntax: SqlSyntax,
): readonly string[] {
  if ((parameters?.length ?? 0) > 0 || !/;\s*\S/.test(text)) return [text];
  try {
    return splitStatements(text, syntax).map(({ sql }) => sql);
  } catch {
    // What cannot be read is for the database to refuse.
    return [text];
  }
}

const isControl =
  /^\s*(?:BEGIN|START\s+TRANSACTION|COMMIT|END|ROLLBACK)\b(?!\s+(?:TO|WORK\s+TO|TRANSACTION\s+TO|PREPARED)\b)[^;]*;?\s*$/i;

async function control(db: MigrationDatabase, sql: string, depth: string[]): Promise<SentResult> {
  const command = commandOf(sql);
  if (command === "BEGIN" || command === "START") {
    const name = toolSavepoint(depth.length + 1);
    depth.push(name);
    await db.execute(`SAVEPOINT ${name}`);
  } else {
    const name = depth.pop();
    if (name === undefined)
      throw new Error(`${command} without a BEGIN: the transaction is that of the migration`);
    if (command === "ROLLBACK") await db.execute(`ROLLBACK TO SAVEPOINT ${name}`);
    await db.execute(`RELEASE SAVEPOINT ${name}`);
  }
  return { rows: [], rowCount: 0, command };
}

async function sendOne(
  db: MigrationDatabase,
  sql: string,
  parameters: readonly unknown[] | undefined,
): Promise<SentResult> {
  const command = commandOf(sql);
  if (/^(?:INSERT|UPDATE|DELETE|REPLACE|MERGE)$/.test(command) && !/\bRETURNING\b/i.test(sql)) {
    const rowCount = await db.change(sql, parameters);
    return { rows: [], rowCount, command };
  }
  const rows = await db.query(sql, parameters);
  return { rows, rowCount: rows.length, command };
}

/** Comments may stand before the first word. */
function commandOf(sql: string): string {
  const [, word = ""] = /^(?:\s|--[^\n]*\n|\/\*[\s\S]*?\*\/|\()*(\w*)/.exec(sql) ?? [];
  return word.toUpperCase();
}
