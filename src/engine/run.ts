/** Carries out prepared steps, in order, each with its history row. */
import { type Lease, type Session, StatementFailed } from "../adapters/adapter.ts";
import type { Statement } from "../core/dialect.ts";
import { type DoneMigration, ReleaseError } from "../core/errors.ts";
import type { Direction, Version } from "../core/migration.ts";
import type { Action, Step } from "../core/plan/prepare.ts";
import type { MigrationDatabase, Named } from "../core/schema/operation.ts";
import type { Edge, MigrationRef } from "./events.ts";
import { type RunFacts, recordStatement } from "./history.ts";

/** What became of one migration. */
export type Outcome = {
  readonly version: Version;
  readonly name: string;
  readonly direction: Direction;
  readonly durationMs: number;
};

/** Where and for whom steps run. */
export type RunContext = {
  readonly repo: string;
  readonly session: Session;
  /** `undefined` when the lock is switched off. */
  readonly lease: Lease | undefined;
  readonly historyTable: Named;
  readonly facts: RunFacts;
  readonly edge: Edge;
};

/**
 * Runs steps one after the other and stops at the first that fails.
 *
 * @throws {ReleaseError} `migration_failed`, `lock_lost`, `interrupted`, each with what was done before
 */
export async function run(
  steps: readonly Step[],
  context: RunContext,
): Promise<readonly Outcome[]> {
  const { repo, edge, lease } = context;
  const outcomes: Outcome[] = [];
  for (const step of steps) {
    const done = outcomes.map(({ version, name }): DoneMigration => ({ repo, version, name }));
    if (edge.signal.aborted)
      throw new ReleaseError("interrupted", { signal: String(edge.signal.reason), done });
    if (lease?.lost.aborted) throw new ReleaseError("lock_lost", { repo, done });
    outcomes.push(await runOne(step, done, context));
  }
  return outcomes;
}

async function runOne(
  step: Step,
  done: readonly DoneMigration[],
  context: RunContext,
): Promise<Outcome> {
  const { edge, repo } = context;
  const { version, name } = step.file;
  const migration = { repo, version, name };
  const { direction, callback } = step;
  edge.emit({ type: "migration_started", migration, direction, callback });
  const started = edge.now();
  const work = new StepRun(migration, context);
  try {
    await (step.transactional ? work.inTransaction(step) : work.oneByOne(step));
  } catch (error) {
    throw failed(error, { step, done, work, context });
  }
  const durationMs = edge.now() - started;
  edge.emit({ type: "migration_finished", migration, direction, durationMs });
  return { version, name, direction, durationMs };
}

/** The running of one step: it knows which operation is at work when something fails. */
class StepRun {
  /** The words of the operation that runs, or was about to run. */
  operation: string | undefined;
  readonly #migration: MigrationRef;
  readonly #context: RunContext;
  #queue: { readonly statement: Statement; readonly words: string | undefined }[] = [];

  constructor(migration: MigrationRef, context: RunContext) {
    this.#migration = migration;
    this.#context = context;
  }

  /** All or nothing, in as few round trips as there is code in between. */
  async inTransaction(step: Step): Promise<void> {
    const { dialect } = this.#context.session;
    try {
      this.#migrator(dialect.begin);
      this.#fence();
      for (const action of step.actions) {
        this.#say(action);
        if (action.kind === "statements") this.#add(action);
        else await this.#runCode(action);
      }
      this.#resetSettings(step);
      this.#record(step);
      this.#migrator(dialect.commit);
      await this.#flush();
    } catch (error) {
      await this.#rollBack();
      throw error;
    }
  }

  /** Statement by statement; the history row last, in a transaction of its own. */
  async oneByOne(step: Step): Promise<void> {
    const { dialect } = this.#context.session;
    for (const action of step.actions) {
      this.#say(action);
      if (action.kind === "run") await this.#runCode(action);
      else for (const statement of action.statements) await this.#runAlone(statement, action.words);
    }
    try {
      this.#migrator(dialect.begin);
      this.#fence();
      this.#resetSettings(step);
      this.#record(step);
      this.#migrator(dialect.commit);
      await this.#flush();
    } catch (error) {
      await this.#rollBack();
      throw error;
    }
  }

  #say(action: Action): void {
    if (action.kind === "statements" && action.statements.length === 0) return;
    this.#context.edge.emit({
      type: "operation",
      migration: this.#migration,
      words: action.words,
    });
  }

  #add(action: Extract<Action, { kind: "statements" }>): void {
    for (const statement of action.statements) {
      this.#log("migration", statement);
      this.#queue.push({ statement, words: action.words });
    }
  }

  async #runAlone(statement: Statement, words: string): Promise<void> {
    this.#log("migration", statement);
    this.#queue.push({ statement, words });
    await this.#flush();
  }

  async #runCode(action: Extract<Action, { kind: "run" }>): Promise<void> {
    await this.#flush();
    this.operation = action.words;
    await action.run(this.#database());
    this.operation = undefined;
  }

  /** What `m.run` functions are given: the session of the migration, with its statements logged. */
  #database(): MigrationDatabase {
    const { session } = this.#context;
    return {
      query: async <Row>(sql: string, parameters?: readonly unknown[]) => {
        this.#log("migration", { sql, parameters });
        return (await session.query(sql, parameters)) as readonly Row[];
      },
      execute: async (sql) => {
        this.#log("migration", { sql });
        const statements = session.dialect.splitStatements(sql);
        await session.execute(
          statements.map((statement) => ({ sql: statement.sql, policy: { kind: "plain" } })),
        );
      },
    };
  }

  #migrator(sql: string): void {
    this.#pushMigrator({ sql, policy: { kind: "plain" } });
  }

  #fence(): void {
    for (const statement of this.#context.lease?.fence ?? []) this.#pushMigrator(statement);
  }

  /** What one migration sets, such as a search_path, must not reach its history row or the next migration. */
  #resetSettings(step: Step): void {
    if (!step.actions.some(isOpaque)) return;
    for (const sql of this.#context.session.dialect.resetSettings) this.#migrator(sql);
  }

  #record(step: Step): void {
    const { session, historyTable, facts } = this.#context;
    this.#pushMigrator(recordStatement(session.dialect, historyTable, { step, facts }));
  }

  #pushMigrator(statement: Statement): void {
    this.#log("migrator", statement);
    this.#queue.push({ statement, words: undefined });
  }

  async #flush(): Promise<void> {
    const queue = this.#queue;
    this.#queue = [];
    if (queue.length === 0) return;
    try {
      await this.#context.session.execute(queue.map(({ statement }) => statement));
    } catch (error) {
      if (error instanceof StatementFailed) this.operation = queue[error.index]?.words;
      throw error;
    }
  }

  async #rollBack(): Promise<void> {
    this.#queue = [];
    const { session } = this.#context;
    this.#log("migrator", { sql: session.dialect.rollback });
    try {
      await session.execute([{ sql: session.dialect.rollback, policy: { kind: "plain" } }]);
    } catch {
      // Nothing to roll back, or no connection any more: then the server rolls back by itself.
      // The error that brought us here is the one to tell.
    }
  }

  #log(
    by: "migration" | "migrator",
    statement: { readonly sql: string; readonly parameters?: readonly unknown[] | undefined },
  ): void {
    const { sql, parameters } = statement;
    const { edge, repo } = this.#context;
    edge.emit({ type: "sql", repo, by, sql, ...(parameters === undefined ? {} : { parameters }) });
  }
}

/** Whether it may do more than change a schema: SQL and code of the user's own. */
function isOpaque(action: Action): boolean {
  return action.kind === "run" || (action.operation?.kind ?? "execute") === "execute";
}

function failed(
  error: unknown,
  at: {
    readonly step: Step;
    readonly done: readonly DoneMigration[];
    readonly work: StepRun;
    readonly context: RunContext;
  },
): ReleaseError {
  const { step, done, work, context } = at;
  const { repo, edge, lease } = context;
  const { version, name } = step.file;
  const { direction, transactional } = step;
  const reason = reasonOf(error);
  edge.emit({ type: "migration_failed", migration: { repo, version, name }, direction, reason });
  if (lease?.lost.aborted) return new ReleaseError("lock_lost", { repo, done }, { cause: error });
  const { operation } = work;
  return new ReleaseError(
    "migration_failed",
    { repo, version, name, direction, operation, reason, transactional, done },
    { cause: error },
  );
}

/** The database's own words, with its detail where it has one. */
function reasonOf(error: unknown): string {
  const cause = error instanceof StatementFailed ? error.cause : error;
  if (!(cause instanceof Error)) return String(cause);
  return "detail" in cause && typeof cause.detail === "string"
    ? `${cause.message} (${cause.detail})`
    : cause.message;
}
