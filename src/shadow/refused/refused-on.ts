/** Runs scripts on a shadow to hear what its server refuses. No row is written, so that nothing depends on rows. */
import type { Session } from "../../adapters/adapter.ts";
import type { Refused, Script, ScriptStatement } from "../../core/safety/effects/script.ts";
import { listOf, names, nodesIn, part, type TreeNode, word } from "../../core/sql/tree.ts";
import { hasParameters, isCertain, type ServerError } from "./is-certain.ts";

/** What is known of the shadow. */
export type ShadowTrialOptions = {
  /** The major version of the server that is asked about. */
  readonly major: number;
  /** Whether what is not in the base is nowhere. */
  readonly isComplete: boolean;
  /** Whether roles that are missing may be made: they belong to the server, and not to the database. */
  readonly mayMakeRoles: boolean;
};

export type ShadowRun = ShadowTrialOptions & {
  /** What is there before the scripts. Default: nothing. */
  readonly base?: readonly ScriptStatement[] | undefined;
  readonly scripts: readonly Script[];
  /** The places of the scripts that are asked about; the others only build. */
  readonly wanted: ReadonlySet<number>;
  /** Scripts whose code could not be read: nothing behind them is known. */
  readonly unread: ReadonlySet<number>;
};

/** Ends with the first refusal: what comes behind it would find something else. */
export async function refusedOn(session: Session, run: ShadowRun): Promise<Refused> {
  // A server that is older than the one that is asked about refuses what that one knows.
  const major = await majorOf(session);
  if (major < run.major) return new Map();
  const runner = new ShadowTrial(session, run);
  if (!(await runner.build(run.base ?? []))) return new Map();
  for (const [i, script] of run.scripts.entries()) {
    await session.query("RESET ALL");
    if (!run.wanted.has(i)) {
      if (run.unread.has(i) || !(await runner.build(script.statements))) break;
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
  readonly #opaque: string[] = [];
  #isOpen = false;
  #mayHaveRows = false;

  constructor(session: Session, run: ShadowTrialOptions) {
    this.#session = session;
    this.#run = run;
  }

  /** Whether all of it is there then. */
  async build(statements: readonly ScriptStatement[]): Promise<boolean> {
    for (const statement of statements) {
      const { kind } = statement.node ?? {};
      if (kind === "TransactionStmt" || changesRows(kind)) continue;
      if ((await this.#send(statement)) !== "done") return false;
    }
    return true;
  }

  /** As it would run; gives the words of the server for the statement that it refuses. */
  async attempt(script: Script): Promise<"done" | "unsure" | ReadonlyMap<number, string>> {
    const { statements, inTransaction } = script;
    if (inTransaction) await this.#control("BEGIN");
    try {
      for (const [i, statement] of statements.entries()) {
        const outcome = await this.#send(statement);
        if (outcome === "unsure") return "unsure";
        if (outcome !== "done") return new Map([[i, outcome.error.message]]);
      }
      return "done";
    } finally {
      if (this.#isOpen) await this.#control("COMMIT");
    }
  }

  /** What is open already, and what is not open, is another statement's fault. */
  async #control(sql: string, kind = `TRANS_STMT_${sql}`): Promise<void> {
    const begins = kind === "TRANS_STMT_BEGIN" || kind === "TRANS_STMT_START";
    const ends = /^TRANS_STMT_(?:COMMIT|ROLLBACK|PREPARE)$/.test(kind);
    if (begins === this.#isOpen && (begins || ends)) return;
    if (begins) this.#isOpen = true;
    if (ends) this.#isOpen = false;
    await this.#session.query(kind === "TRANS_STMT_PREPARE" ? "COMMIT" : sql);
  }

  async #send({ node, text }: ScriptStatement): Promise<Outcome> {
    if (node === undefined) return "unsure";
    if (node.kind === "TransactionStmt") {
      try {
        await this.#control(text, word(node.tree, "kind"));
        return "done";
      } catch (thrown) {
        serverError(thrown);
        return "unsure";
      }
    }
    if (isOfServer.test(node.kind) || isRoleSetting.test(text)) return "done";
    if (isCode.test(node.kind) && makesThings.test(text)) this.#opaque.push(text);
    const isCopy =
      node.kind === "CreateTableAsStmt" && word(node.tree, "objtype") !== "OBJECT_MATVIEW";
    if (isCopy || isCode.test(node.kind)) this.#mayHaveRows = true;
    for (const [sql, how] of this.#parts(node, text)) {
      const error = await this.#try(sql, how);
      if (error === undefined) continue;
      return this.#judged(error, node, how, how === "taken back" && (await this.#isOfRow(node)));
    }
    return "done";
  }

  /** What of it is sent, one after the other, and how. */
  #parts(node: TreeNode, text: string): readonly (readonly [sql: string, how: Sent])[] {
    const planned = [`EXPLAIN ${text}`, "planned"] as const;
    if ((node.kind === "SelectStmt" || changesRows(node.kind)) && hasParameters(node.tree))
      return [
        [`PREPARE slipway_try AS ${text}`, "planned"],
        ["DEALLOCATE slipway_try", "planned"],
      ];
    if (node.kind === "SelectStmt") return [planned, [text, "code"]];
    if (!changesRows(node.kind)) return [[text, "sent"]];
    // What changes rows is only planned, but for rows that are written out: they are taken back.
    return isRowsOfText(node) && text.length < 100_000
      ? [planned, [text, "taken back"]]
      : [planned];
  }

  #judged(error: ServerError, node: TreeNode, how: Sent, isOfRow: boolean): Outcome {
    const { isComplete, major } = this.#run;
    const knowledge = { isComplete, major, opaque: this.#opaque, mayHaveRows: this.#mayHaveRows };
    const isSure =
      how === "code"
        ? false
        : how === "taken back" && ofRows.test(error.code)
          ? isOfRow
          : isCertain(error, node, knowledge);
    if (isSure) return { error };
    return how !== "sent" || isNoMatter.test(node.kind) ? "done" : "unsure";
  }

  /** Whether rows that are written out are what they are: no query and no code of the user's, which may read others, makes them. */
  async #isOfRow({ tree }: TreeNode): Promise<boolean> {
    const nodes = [...nodesIn(tree)];
    if (nodes.some(({ kind }) => kind === "SubLink")) return false;
    const { schemaname, relname } = part(tree, "relation") ?? {};
    const table = [schemaname, relname].flatMap((name) =>
      typeof name === "string" ? [quoted(name)] : [],
    );
    const called = nodes.flatMap(({ kind, tree }) =>
      kind === "FuncCall" ? names(tree, "funcname").slice(-1) : [],
    );
    const [row] = await this.#session.query(takesPart(table.join("."), called));
    return row?.code === false;
  }

  /** In a transaction that goes on behind an error. */
  async #try(sql: string, how: Sent): Promise<ServerError | undefined> {
    const isOpen = this.#isOpen;
    const isTakenBack = how === "taken back";
    const [begin, keep, goBack] = isOpen
      ? ["SAVEPOINT slipway_try", "RELEASE SAVEPOINT slipway_try", backToSavepoint]
      : isTakenBack
        ? ["BEGIN", "COMMIT", "ROLLBACK"]
        : [];
    if (begin !== undefined) await this.#session.query(begin);
    try {
      await this.#session.query(sql);
      const end = isTakenBack ? goBack : keep;
      if (end !== undefined) await this.#session.query(end);
      return undefined;
    } catch (thrown) {
      const error = serverError(thrown);
      if (goBack !== undefined) await this.#session.query(goBack);
      const [, role] = /^role "(.*)" does not exist$/.exec(error.message) ?? [];
      if (role === undefined || !this.#run.mayMakeRoles) return error;
      await this.#session.query(`CREATE ROLE ${quoted(role)}`);
      return this.#try(sql, how);
    }
  }
}

/** How a statement is sent: as it is, only to be planned, to be taken back, or because of the code that it calls. */
type Sent = "sent" | "planned" | "taken back" | "code";

/** What an error about the values of a row begins with. */
const ofRows = /^(?:22|23502|23514)/;

/** Whether code of the user's takes part in what an INSERT writes: triggers, defaults, checks, domains and what it calls. */
function takesPart(table: string, called: readonly string[]): string {
  const names = called.map(text).join(", ");
  return `WITH own AS (SELECT oid, proname FROM pg_catalog.pg_proc WHERE oid >= 16384)
SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = to_regclass(${text(table)}) AND NOT tgisinternal)
  OR EXISTS (SELECT FROM pg_catalog.pg_class WHERE oid = to_regclass(${text(table)}) AND relkind <> 'r')
  OR EXISTS (SELECT FROM own WHERE proname::text = ANY (ARRAY[${names}]::text[]))
  OR EXISTS (
    SELECT FROM pg_catalog.pg_depend d JOIN own ON own.oid = d.refobjid
    WHERE d.refclassid = 'pg_catalog.pg_proc'::regclass
      AND d.classid IN ('pg_catalog.pg_attrdef'::regclass, 'pg_catalog.pg_constraint'::regclass)
  ) AS code`;
}

const backToSavepoint = "ROLLBACK TO SAVEPOINT slipway_try; RELEASE SAVEPOINT slipway_try";

/** INSERT … VALUES. */
function isRowsOfText({ kind, tree }: TreeNode): boolean {
  const source = part(part(tree, "selectStmt"), "SelectStmt");
  return kind === "InsertStmt" && source !== undefined && listOf(source.valuesLists).length > 0;
}

async function majorOf(session: Session): Promise<number> {
  const [row] = await session.query("SHOW server_version_num");
  return Math.floor(Number(row?.server_version_num) / 10_000);
}

function text(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** @throws what is no word of a server */
function serverError(thrown: unknown): ServerError {
  if (thrown instanceof Error && "code" in thrown && typeof thrown.code === "string")
    return { code: thrown.code, message: thrown.message };
  throw thrown;
}

function changesRows(kind: TreeNode["kind"] | undefined): boolean {
  return kind !== undefined && /^(?:Insert|Update|Delete|Merge)Stmt$/.test(kind);
}

const isCode = /^(?:Do|Call|Select)Stmt$/;
const makesThings = /\b(?:alter|create|drop|execute|perform|call)\b/i;

/** What belongs to the server, reaches out of the database or moves rows. */
const isOfServer =
  /^(?:(?:Create|Alter|Drop|Grant)Role(?:Set)?|(?:Create|Drop)db|AlterDatabase(?:Set|RefreshColl)?|AlterSystem|(?:Create|Drop|Alter)TableSpace(?:Options)?|(?:Create|Alter|Drop)Subscription|Copy|Notify|Listen|Unlisten|CheckPoint|Load|ReassignOwned|DropOwned)Stmt$/;

const isRoleSetting =
  /^\s*(?:SET|RESET)\s+(?:(?:SESSION|LOCAL)\s+)?(?:ROLE|SESSION\s+AUTHORIZATION)\b/i;

/** What others do not find missing. */
const isNoMatter =
  /^(?:Grant|AlterOwner|AlterDefaultPrivileges|Comment|VariableSet|SecLabel|Lock|Vacuum|Cluster|RefreshMatView|Explain|AlterPublication|CreatePublication)Stmt$/;
