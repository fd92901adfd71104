import { call } from "../../rpc/call.ts";
import { socketPath } from "../../rpc/run-folder.ts";
import { defineCommand } from "../command.ts";

/** `stop`: sends SIGTERM to the running app, and waits until its process has ended. */
export const stop = defineCommand({
  flags: {},
  async run({ context }) {
    const { world } = context;
    const { app } = await context.release();
    const answer = await call(
      socketPath(app, world.env),
      { do: "stop" },
      { hear: { stdout: world.write, stderr: world.tell }, signal: world.signal, untilEnd: true },
    );
    return { data: { stopped: answer.kind === "done" ? answer.value : null } };
  },
});
