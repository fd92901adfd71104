/** Runs scripts on a shadow to hear what its server refuses. No row is written, so that nothing depends on rows. */
import type { Session } from "../../adapters/adapter.ts";
import type { Statement } from "../../core/model/statement.ts";
import type { Refused, Script, ScriptStatement } from "../../core/safety/effects/script.ts";
import { type TreeNode, word } from "../../core/sql/tree.ts";
import { CodeSeen } from "./code.ts";
import { hasParameters, isCertain, type ServerError } from "./is-certain.ts";
import { holdsForAnyRows, isRowsOfText, lacksValues } from "./rows-of-text.ts";

/** The facts about the shadow. */
export type ShadowTrialOptions = {
  /** The major version of the server that the answer is for. */
  readonly major: number;
  /** Whether the base is complete, so that no other object exists. */
  readonly isComplete: boolean;
  /** Whether roles that are missing may be made: they belong to the server, and not to the database. */
  readonly mayMakeRoles: boolean;
};

export type ShadowRun = ShadowTrialOptions & {
  /** Statements that ran before the scripts. Default: none. */
  readonly base?: readonly ScriptStatement[] | undefined;
  readonly scripts: readonly Script[];
  /** The places of the scripts to try; the others only build. */
  readonly wanted: ReadonlySet<number>;
  /** Scripts whose code could not be read: nothing after them is known. */
  readonly unread: ReadonlySet<number>;
};

/** Ends with the first refusal: later statements would find another schema. */
export async function refusedOn(session: Session, run: ShadowRun): Promise<Refused> {
  // An older server refuses statements that the wanted one knows.
  const major = await majorOf(session);
  if (major < run.major) return new Map();
  const runner = new ShadowTrial(session, run);
  if (!(await runner.build(run.base ?? []))) return new Map();
  for (const [i, script] of run.scripts.entries()) {
    // A script may run on another connection, which has no settings, temporary tables and cursors
    // of earlier ones.
    await session.query("DISCARD ALL");
    if (!run.wanted.has(i)) {
      if (run.unread.has(i) || !(await runner.build(script.statements, script))) break;
      continue;
    }
    const ended = await runner.attempt(script);
    if (ended === "done" && !run.unread.has(i)) continue;
    if (typeof ended === "string") return new Map();
    const told = [...ended].map(
      ([at, words]) => [at, `PostgreSQL ${major} says: ${words}`] as const,
    );
    return new Map([[i, new Map(told)]]);
  }
  return new Map();
}

type Outcome = "done" | "unsure" | { readonly error: ServerError };

/** One shadow, on which statements run one after the other. */
export class ShadowTrial {
  readonly #session: Session;
  readonly #run: ShadowTrialOptions;
  readonly #code = new CodeSeen();
  #isOpen = false;
  #mayHaveRows = false;

  constructor(session: Session, run: ShadowTrialOptions) {
    this.#session = session;
    this.#run = run;
  }

  /** Whether all of it exists then. Only settings that end with a transaction need one around. */
  async build(
    statements: readonly ScriptStatement[],
    { inTransaction }: Pick<Script, "inTransaction"> = { inTransaction: false },
  ): Promise<boolean> {
    const built = statements.filter(({ node }) => !changesRows(node?.kind));
    const needsOne = inTransaction && built.some(({ text }) => endsWithTransaction.test(text));
    return (await this.#inOrder(built, { inTransaction: needsOne })) === "done";
  }

  /** As it would run; gives the words of the server for the statement that it refuses. */
  async attempt(script: Script): Promise<"done" | "unsure" | ReadonlyMap<number, string>> {
    return this.#inOrder(script.statements, script);
  }

  async #inOrder(
    statements: readonly ScriptStatement[],
    { inTransaction }: Pick<Script, "inTransaction">,
  ): Promise<"done" | "unsure" | ReadonlyMap<number, string>> {
    if (inTransaction) await this.#control("BEGIN");
    for (const [i, statement] of statements.entries()) {
      const outcome = await this.#send(statement);
      if (outcome === "done") continue;
      if (this.#isOpen) await this.#control("ROLLBACK");
      return outcome === "unsure" ? "unsure" : new Map([[i, outcome.error.message]]);
    }
    return this.#isOpen && !(await this.#isControlled("COMMIT")) ? "unsure" : "done";
  }

  /**
   * Skips a BEGIN inside a transaction and an end outside of one: another statement is to blame for
   * those.
   */
  async #control(sql: string, kind = `TRANS_STMT_${sql}`): Promise<void> {
    const begins = kind === "TRANS_STMT_BEGIN" || kind === "TRANS_STMT_START";
    const ends = /^TRANS_STMT_(?:COMMIT|ROLLBACK|PREPARE)$/.test(kind);
    if (begins === this.#isOpen && (begins || ends)) return;
    if (begins) this.#isOpen = true;
    if (ends) this.#isOpen = false;
    await this.#session.query(kind === "TRANS_STMT_PREPARE" ? "COMMIT" : sql);
  }

  async #isControlled(sql: string, kind?: string): Promise<boolean> {
    try {
      await this.#control(sql, kind);
      return true;
    } catch (thrown) {
      serverError(thrown);
      return false;
    }
  }

  async #send({ node, text, sent }: ScriptStatement): Promise<Outcome> {
    if (node === undefined) return "unsure";
    const { kind, tree } = node;
    if (kind === "TransactionStmt")
      return (await this.#isControlled(text, word(tree, "kind"))) ? "done" : "unsure";
    if (isElsewhere(kind, text)) return "unsure";
    if (isOfServer.test(kind) || isRoleSetting.test(text)) return "done";
    const isRun = isCode.test(kind);
    if (isRun || (kind === "CreateTableAsStmt" && word(tree, "objtype") !== "OBJECT_MATVIEW"))
      this.#mayHaveRows = true;
    if (lacksValues(node, sent) && kind !== "SelectStmt" && !changesRows(kind)) return "unsure";
    if (kind === "CreateFunctionStmt") this.#code.define(text);
    if (isRun && this.#code.isByRows(text)) return "unsure";
    if (isRun && this.#code.reachesOut(text)) return kind === "SelectStmt" ? "done" : "unsure";
    if (isRun) this.#code.run(text);
    for (const [sql, how] of this.#parts(node, text)) {
      const error = await this.#try({ sql, how, values: how === "sent" ? sent?.parameters : [] });
      if (error !== undefined) return this.#judged(error, node, how);
    }
    return "done";
  }

  /** The parts of a statement to send, in order, and how. */
  #parts(node: TreeNode, text: string): readonly (readonly [sql: string, how: Sent])[] {
    const planned = [`EXPLAIN ${text}`, "planned"] as const;
    if ((node.kind === "SelectStmt" || changesRows(node.kind)) && hasParameters(node.tree))
      return [
        [`PREPARE slipway_try AS ${text}`, "planned"],
        ["DEALLOCATE slipway_try", "planned"],
      ];
    if (node.kind === "SelectStmt") return [planned, [text, "code"]];
    if (!changesRows(node.kind)) return [[text, "sent"]];
    // The shadow only plans a change of rows. Where the statement writes its rows out, it also runs
    // them and takes them back.
    return isRowsOfText(node) && text.length < 100_000
      ? [planned, [text, "taken back"]]
      : [planned];
  }

  async #judged(error: ServerError, node: TreeNode, how: Sent): Promise<Outcome> {
    const { isComplete, major } = this.#run;
    const opaque = this.#code.texts;
    const knowledge = { isComplete, major, opaque, mayHaveRows: this.#mayHaveRows };
    const isOfRow = how === "taken back" && /^(?:22|23502|23514)/.test(error.code);
    const isSure = isOfRow
      ? await holdsForAnyRows(this.#session, node, error)
      : how !== "code" && isCertain(error, node, knowledge);
    if (isSure) return { error };
    return how !== "sent" || isNoMatter.test(node.kind) ? "done" : "unsure";
  }

  /** Runs in a transaction that stays usable after an error. */
  async #try(one: {
    readonly sql: string;
    readonly how: Sent;
    readonly values: Statement["parameters"];
  }): Promise<ServerError | undefined> {
    const { sql, how, values } = one;
    const isOpen = this.#isOpen;
    const isTakenBack = how === "taken back";
    const [begin, keep, goBack] = isOpen
      ? ["SAVEPOINT slipway_try", "RELEASE SAVEPOINT slipway_try", backToSavepoint]
      : isTakenBack
        ? ["BEGIN", "COMMIT", "ROLLBACK"]
        : [];
    if (begin !== undefined) await this.#session.query(begin);
    try {
      await this.#session.query(sql, values);
      const end = isTakenBack ? goBack : keep;
      if (end !== undefined) await this.#session.query(end);
      return undefined;
    } catch (thrown) {
      const error = serverError(thrown);
      if (goBack !== undefined) await this.#session.query(goBack);
      const [, role] = /^role "(.*)" does not exist$/.exec(error.message) ?? [];
      if (role === undefined || !this.#run.mayMakeRoles) return error;
      await this.#session.query(`CREATE ROLE ${quoted(role)}`);
      return this.#try(one);
    }
  }
}

/** How a statement is sent: as it is, only to be planned, to be taken back, or because of the code that it calls. */
type Sent = "sent" | "planned" | "taken back" | "code";

const backToSavepoint = "ROLLBACK TO SAVEPOINT slipway_try; RELEASE SAVEPOINT slipway_try";

async function majorOf(session: Session): Promise<number> {
  const [row] = await session.query("SHOW server_version_num");
  return Math.floor(Number(row?.server_version_num) / 10_000);
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** @throws any error that is not a server's */
function serverError(thrown: unknown): ServerError {
  if (thrown instanceof Error && "code" in thrown && typeof thrown.code === "string")
    return {
      code: thrown.code,
      message: thrown.message,
      where: "where" in thrown && typeof thrown.where === "string" ? thrown.where : undefined,
    };
  throw thrown;
}

function changesRows(kind: TreeNode["kind"] | undefined): boolean {
  return kind !== undefined && /^(?:Insert|Update|Delete|Merge)Stmt$/.test(kind);
}

const isCode = /^(?:Do|Call|Select)Stmt$/;

/** Settings and objects that exist only until the transaction ends. */
const endsWithTransaction = /\b(?:LOCAL|ON\s+COMMIT|set_config)\b/i;

/**
 * Whether it makes names mean something else on the next connection, or takes away what a role
 * owns.
 */
function isElsewhere(kind: string, text: string): boolean {
  if (kind === "DropOwnedStmt") return true;
  return /^Alter(?:Database|Role)SetStmt$/.test(kind) && /\bsearch_path\b/i.test(text);
}

/**
 * Statements about the server, statements that reach out of the database, and those that move rows.
 */
const isOfServer =
  /^(?:(?:Create|Alter|Drop|Grant)Role(?:Set)?|(?:Create|Drop)db|AlterDatabase(?:Set|RefreshColl)?|AlterSystem|(?:Create|Drop|Alter)TableSpace(?:Options)?|(?:Create|Alter|Drop)Subscription|Copy|Notify|Listen|Unlisten|CheckPoint|Load|ReassignOwned)Stmt$/;

const isRoleSetting =
  /^\s*(?:SET|RESET)\s+(?:(?:SESSION|LOCAL)\s+)?(?:ROLE|SESSION\s+AUTHORIZATION)\b/i;

/** Statements whose absence no other statement notices. */
const isNoMatter =
  /^(?:Grant|AlterOwner|AlterDefaultPrivileges|Comment|VariableSet|SecLabel|Lock|Vacuum|Cluster|RefreshMatView|Explain|AlterPublication|CreatePublication)Stmt$/;
