import { askApp } from "../ask-app.ts";
import { defineCommand } from "../command.ts";

/** `pid`: the process id of the running app. */
export const pid = defineCommand({
  flags: {},
  async run({ context }) {
    const { app } = await context.release();
    const answer = await askApp(app, { do: "pid" }, { world: context.world });
    const id = answer.kind === "done" ? answer.value : null;
    return { data: { pid: id }, text: `${id}\n` };
  },
});
