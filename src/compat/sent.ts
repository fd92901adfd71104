/** Statements of another tool, sent on the connection and in the transaction of the migration. */
import { toolSavepoint } from "../core/language/foreign-modules.ts";
import type { MigrationDatabase } from "../core/model/migration-database.ts";
import { controlsTransaction } from "../core/sql/own-transaction.ts";
import { placeStatements } from "../core/sql/statements.ts";
import type { SqlSyntax } from "../core/sql/token.ts";
import { readAsText } from "./text-in-double-quotes.ts";

/** The result of a statement, with everything that drivers say about it. */
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
  /** Whether the migration runs in Slipway's transaction. */
  readonly transaction: boolean;
  readonly syntax: SqlSyntax;
};

/**
 * Inside Slipway's transaction, one that the tool begins becomes a savepoint: it must not end
 * Slipway's. Without `transaction` its BEGIN and COMMIT stay as written.
 */
export function sender(db: MigrationDatabase, how: HowToSend): Send {
  const depth: string[] = [];
  let last: Promise<unknown> = Promise.resolve();
  return (text, parameters) => {
    const send = async () => {
      let sent: SentResult = { rows: [], rowCount: 0, command: "" };
      for (const statement of statementsIn(text, parameters, how))
        sent =
          how.transaction && controlsTransaction(statement)
            ? await control(db, statement, depth)
            : await sendOne(db, statement, {
                parameters: parameters?.length === 0 ? undefined : parameters,
                syntax: how.syntax,
              });
      return sent;
    };
    const sent = last.then(send, send);
    last = sent;
    return sent;
  };
}

type Statement = { readonly sql: string; readonly words: readonly string[] };

/**
 * A text may hold several statements, among them a COMMIT that must not end Slipway's transaction.
 * A single one stays as written.
 *
 * @throws {InvalidSql} for an unreadable text inside a transaction: nobody knows whether it would
 * end that
 */
function statementsIn(
  text: string,
  parameters: readonly unknown[] | undefined,
  { transaction, syntax }: HowToSend,
): readonly Statement[] {
  try {
    const found = placeStatements(text, syntax);
    const [only] = found;
    // Values belong to the whole text, and a database that takes them takes one statement.
    const whole = found.length < 2 || ((parameters?.length ?? 0) > 0 && !found.some(isControl));
    return whole ? [{ sql: text, words: only?.words ?? [] }] : found;
  } catch (error) {
    if (transaction) throw error;
    // A statement that Slipway cannot read goes to the database, which refuses it.
    return [{ sql: text, words: text.toUpperCase().match(/\w+/g) ?? [] }];
  }
}

function isControl(statement: Statement): boolean {
  return controlsTransaction(statement);
}

async function control(
  db: MigrationDatabase,
  { words }: Statement,
  depth: string[],
): Promise<SentResult> {
  const [command = ""] = words;
  const isPrepared = words.includes("PREPARED") || command === "PREPARE";
  if (isPrepared)
    throw new Error(`${words.slice(0, 2).join(" ")}: the transaction is that of the migration`);
  if (command === "BEGIN" || command === "START") await begin(db, depth);
  else {
    const name = depth.pop();
    if (name === undefined)
      throw new Error(`${command} without a BEGIN: the transaction is that of the migration`);
    if (command === "ROLLBACK" || command === "ABORT")
      await db.execute(`ROLLBACK TO SAVEPOINT ${name}`);
    await db.execute(`RELEASE SAVEPOINT ${name}`);
    // COMMIT AND CHAIN, and not AND NO CHAIN: the next one begins at once.
    if (words.includes("CHAIN") && !words.includes("NO")) await begin(db, depth);
  }
  return { rows: [], rowCount: 0, command };
}

async function begin(db: MigrationDatabase, depth: string[]): Promise<void> {
  const name = toolSavepoint(depth.length + 1);
  depth.push(name);
  await db.execute(`SAVEPOINT ${name}`);
}

type HowToSendOne = {
  readonly parameters: readonly unknown[] | undefined;
  readonly syntax: SqlSyntax;
};

async function sendOne(
  db: MigrationDatabase,
  { sql, words }: Statement,
  { parameters, syntax }: HowToSendOne,
): Promise<SentResult> {
  const [command = ""] = words;
  try {
    if (/^(?:INSERT|UPDATE|DELETE|REPLACE|MERGE)$/.test(command) && !words.includes("RETURNING")) {
      const rowCount = await db.change(sql, parameters);
      return { rows: [], rowCount, command };
    }
    const rows = await db.query(sql, parameters);
    return { rows, rowCount: rows.length, command };
  } catch (error) {
    const meant = syntax === "sqlite" ? readAsText(sql, error) : undefined;
    if (meant === undefined) throw error;
    return sendOne(db, { sql: meant, words }, { parameters, syntax });
  }
}
