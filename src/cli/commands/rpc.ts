import { ReleaseError } from "../../core/model/errors.ts";
import { askApp } from "../ask-app.ts";
import { defineCommand } from "../command.ts";

/** `rpc EXPRESSION [ARG…]`: evaluates in the running app, which must have called `Release.listen()`. */
export const rpc = defineCommand({
  arguments: "[expression] [args...]",
  flags: {},
  async run({ args, context }) {
    const [expression, ...argv] = args;
    const { world, name, json } = context;
    if (expression === undefined || expression.trim() === "") {
      throw new ReleaseError("expression_missing", { command: `${name} rpc` });
    }
    const release = await context.release();
    const request = { do: "evaluate", expression, argv } as const;
    const answer = await askApp(release.app, request, { world, json });
    if (answer.kind === "done") return { data: answer.value ?? null };
    const { expressionFailure } = await import("../expression-failure.ts");
    const { reason, trace, errorName = "", failure } = answer;
    const cause = failure && Object.assign(new Error(failure.message), failure);
    throw await expressionFailure(
      { expression, command: `${name} rpc`, reason, trace, errorName, cause },
      { release, tell: json ? () => undefined : world.tell },
    );
  },
});
