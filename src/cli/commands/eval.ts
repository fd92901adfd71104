import { ReleaseError } from "../../core/model/errors.ts";
import { evaluate } from "../../rpc/evaluate.ts";
import { defineCommand } from "../command.ts";

/**
 * `eval EXPRESSION [ARG…]`: evaluates with `Release`, the app's exports and `argv` in scope. The
 * app is not started.
 */
export const evalCommand = defineCommand({
  arguments: "[expression] [args...]",
  flags: {},
  async run({ args, context }) {
    const [expression, ...argv] = args;
    const command = `${context.name} eval`;
    if (expression === undefined || expression.trim() === "") {
      throw new ReleaseError("expression_missing", { command });
    }
    const { Release, exports } = await context.app();
    try {
      const value = await evaluate(expression, { ...exports, Release, argv });
      return { data: value ?? null, ends: true };
    } catch (error) {
      // The app that was loaded may keep the process running, whatever came of the expression.
      context.world.endAfterwards();
      const { expressionFailure } = await import("../expression-failure.ts");
      const reason = error instanceof Error ? error.message || error.name : String(error);
      const trace = (error instanceof Error && error.stack) || reason;
      const errorName = error instanceof Error ? error.name : "";
      const tell = context.json ? () => undefined : context.world.tell;
      throw await expressionFailure(
        { expression, command, reason, trace, errorName, cause: error },
        { release: Release, tell },
      );
    }
  },
});
