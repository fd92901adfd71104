/** A statement that holds a strong lock for longer than was thought is not ended by anybody. */
import { defineRule } from "./rule.ts";
import { timeoutMissing, withoutTimeout } from "./timeout-missing.ts";

declare module "./rule.ts" {
  interface RuleNames {
    "missing-statement-timeout": true;
  }
}

export const missingStatementTimeout = defineRule({
  name: "missing-statement-timeout",
  why: "If a statement holds a strong lock longer than you expected, nothing stops it.",
  source:
    "https://www.postgresql.org/docs/current/runtime-config-client.html#GUC-STATEMENT-TIMEOUT",
  ...timeoutMissing,
  judge: (effect) => withoutTimeout(effect, "statement_timeout", "5s"),
});
