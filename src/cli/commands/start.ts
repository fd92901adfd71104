import { ReleaseError } from "../../core/model/errors.ts";
import { defineCommand } from "../command.ts";

/** `start`: the launcher starts the app itself, so this command only runs where there is none. */
export const start = defineCommand({
  arguments: "[args...]",
  flags: {},
  async run() {
    throw new ReleaseError("app_unusable", {
      reason: "this release has no app to start",
      hint: "Build it with --app src/server.ts, or with --app-dir dist.",
    });
  },
});
