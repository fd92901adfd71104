import { ReleaseError } from "../../core/model/errors.ts";
import { redact } from "../../core/model/redact.ts";
import { visibleBlock } from "../../core/model/visible.ts";
import { call } from "../../rpc/call.ts";
import { socketPath } from "../../rpc/run-folder.ts";
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
    const { app } = await context.release();
    const answer = await call(
      socketPath(app, world.env),
      { do: "evaluate", expression, argv },
      {
        hear: { stdout: json ? world.tell : world.write, stderr: world.tell },
        signal: world.signal,
      },
    );
    if (answer.kind === "done") return { data: answer.value ?? null };
    const { reason, trace } = answer;
    if (!json) world.tell(`${visibleBlock(redact(trace))}\n`);
    throw new ReleaseError("expression_failed", { reason, trace });
  },
});
