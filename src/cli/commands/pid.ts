import { call } from "../../rpc/call.ts";
import { socketPath } from "../../rpc/run-folder.ts";
import { defineCommand } from "../command.ts";

/** `pid`: the process id of the running app. */
export const pid = defineCommand({
  flags: {},
  async run({ context }) {
    const { world } = context;
    const { app } = await context.release();
    const answer = await call(
      socketPath(app, world.env),
      { do: "pid" },
      { hear: { stdout: world.write, stderr: world.tell }, signal: world.signal },
    );
    const id = answer.kind === "done" ? answer.value : null;
    return { data: { pid: id }, text: `${id}\n` };
  },
});
