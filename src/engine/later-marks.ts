/**
 * Keeps back the journal's marks of units that are done, until the next transaction of the journal:
 * a commit for each would wait for the disk once more. Where DDL commits by itself every statement
 * is announced, and so there is a next one. A process that is killed in between leaves the
 * announcement, about which the next run asks the catalog.
 */
import type { Statement } from "../core/model/statement.ts";
import type { StepWork } from "./step-work.ts";

export class LaterMarks {
  readonly #work: StepWork;
  #kept: readonly Statement[] = [];

  constructor(work: StepWork) {
    this.#work = work;
  }

  /** Whether marks of this database are kept back: a transaction of DDL has its line in it. */
  get keepsBack(): boolean {
    return !this.#work.session.dialect.transactionalDdl;
  }

  keep(statements: readonly Statement[]): void {
    this.#kept = [...this.#kept, ...statements];
  }

  /** Does `work` in a transaction, behind the marks. */
  async with(queue: () => void, behind: readonly Statement[] = []): Promise<void> {
    const kept = this.#kept;
    await this.#work.atomically(
      () => {
        for (const mark of kept) this.#work.addOwn(mark);
        queue();
      },
      { behind },
    );
    this.#kept = [];
  }

  /** Writes them in a separate transaction. */
  async write(): Promise<void> {
    if (this.#kept.length > 0) await this.with(() => undefined);
  }

  /** After a failure, which is the one to tell. */
  async writeAfter(error: unknown): Promise<void> {
    const { session, operation, failed } = this.#work;
    if (session.errorKind(error) !== "connection_lost") await this.write().catch(() => undefined);
    Object.assign(this.#work, { operation, failed });
  }
}
