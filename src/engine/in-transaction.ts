/** A step that is one transaction with its history row: all or nothing. */
import { type Around, plain, type Statement } from "../core/model/statement.ts";
import { policyOf } from "../core/plan/policy-of.ts";
import type { Action } from "../core/plan/prepare.ts";
import { withinLockBudget } from "./lock-budget.ts";
import type { StepWork } from "./step-work.ts";

/**
 * Tries again as a whole, code too, when others are in the way: a transaction that was rolled back
 * has not happened.
 */
export async function runInTransaction(work: StepWork): Promise<void> {
  const { actions } = work.step;
  const code = work.context.lane === "schema" && actions.some(({ kind }) => kind === "run");
  const statements = actions.flatMap((action) =>
    action.kind === "statements" ? action.statements : [],
  );
  work.takes = policyOf(statements, { code });
  const told = new Set<Action>();
  const say = (action: Action) => {
    if (!told.has(action)) work.say(action);
    told.add(action);
  };
  await withinLockBudget(work, () => tryInTransaction(work, say));
}

/** Sends everything in as few round trips as there is code in between. */
async function tryInTransaction(work: StepWork, say: (action: Action) => void): Promise<void> {
  const { actions } = work.step;
  const around = aroundOf(actions);
  let isFenced = false;
  const fence = () => {
    if (!isFenced) work.addFence();
    isFenced = true;
  };
  try {
    if (around !== undefined) work.addOwn(around.beforeBegin);
    work.addBegin(work.takes);
    if (around !== undefined) work.addOwn(around.afterBegin);
    if (!setsMode.test(firstSql(actions))) fence();
    for (const action of actions) {
      say(action);
      if (action.kind === "run") {
        fence();
        await work.runInside(action);
        continue;
      }
      if (action.kind === "backfill") {
        fence();
        await work.flush();
        const commit = async (update: Statement) => {
          work.add(update, action.words);
          await work.flush();
        };
        const { fill } = await import("./batches.ts");
        await fill(action.backfill, { work, from: undefined, commit });
        continue;
      }
      for (const statement of action.statements) {
        if (statement.around !== undefined) continue;
        if (!setsMode.test(statement.sql)) fence();
        work.add(statement, action.words);
      }
    }
    fence();
    if (around !== undefined) work.add(around.beforeCommit, around.beforeCommit.sql.slice(3));
    work.refuseToGoOn();
    work.addRecord();
    work.addOwn(plain(work.session.dialect.commit));
    if (around !== undefined) work.addOwn(around.atEnd);
    await work.flush();
  } catch (error) {
    throw await work.rollBackCode(error, around?.atEnd);
  }
}

function aroundOf(actions: readonly Action[]): Around | undefined {
  for (const action of actions) {
    if (action.kind !== "statements") continue;
    const found = action.statements.find((statement) => statement.around !== undefined);
    if (found !== undefined) return found.around;
  }
  return undefined;
}

/** PostgreSQL takes it before the first query only. https://www.postgresql.org/docs/current/sql-set-transaction.html */
const setsMode = /^SET\s+TRANSACTION\b/i;

function firstSql([first]: readonly Action[]): string {
  return (first?.kind === "statements" && first.statements[0]?.sql) || "";
}
