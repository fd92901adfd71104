import { askApp } from "../ask-app.ts";
import { defineCommand } from "../command.ts";

/** `stop`: sends SIGTERM to the running app, and waits until its process has ended. */
export const stop = defineCommand({
  flags: {},
  async run({ context }) {
    const { app } = await context.release();
    const answer = await askApp(app, { do: "stop" }, { world: context.world });
    return { data: { stopped: answer.kind === "done" ? answer.value : null } };
  },
});
