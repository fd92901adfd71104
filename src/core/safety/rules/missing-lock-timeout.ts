/** While a statement waits for a strong lock, everybody who comes after it waits too. */
import { defineRule } from "./rule.ts";
import { timeoutMissing, withoutTimeout } from "./timeout-missing.ts";

declare module "./rule.ts" {
  interface RuleNames {
    "missing-lock-timeout": true;
  }
}

export const missingLockTimeout = defineRule({
  name: "missing-lock-timeout",
  why: "While a statement waits for a strong lock, everyone who comes after it waits too.",
  source: "https://www.postgresql.org/docs/current/runtime-config-client.html#GUC-LOCK-TIMEOUT",
  ...timeoutMissing,
  judge: (effect) => withoutTimeout(effect, "lock_timeout", "1s"),
});
