/** Counts every statement that this process gives to SQLite, and kills it before the one of a number. */
import { DatabaseSync, StatementSync } from "node:sqlite";

/** `NaN` kills never. */
export function killAtStatement(killAt: number): { readonly count: number } {
  const counter = { count: 0 };
  const counted = (owner: object, names: readonly string[]) => {
    for (const name of names) {
      const whole = Reflect.get(owner, name) as (...given: readonly unknown[]) => unknown;
      Reflect.set(owner, name, function (this: unknown, ...given: readonly unknown[]) {
        counter.count += 1;
        if (counter.count === killAt) process.kill(process.pid, "SIGKILL");
        return Reflect.apply(whole, this, given);
      });
    }
  };
  counted(DatabaseSync.prototype, ["exec"]);
  counted(StatementSync.prototype, ["run", "all", "get", "iterate"]);
  return counter;
}
