/** A step that is one transaction with its history row: all or nothing. */
import type { StepWork } from "./step-work.ts";

/** Sends everything in as few round trips as there is code in between. */
export async function runInTransaction(work: StepWork): Promise<void> {
  try {
    work.addBegin();
    for (const action of work.step.actions) {
      work.say(action);
      if (action.kind === "run") await work.runCode(action);
      else for (const statement of action.statements) work.add(statement, action.words);
    }
    work.addRecord();
    work.addCommit();
    await work.flush();
  } catch (error) {
    await work.rollBack();
    throw error;
  }
}
