import { defineCommand } from "../command.ts";
import { forwardFlags, runForward } from "./migrate.ts";

/** `migrate-data`: runs pending data migrations. */
export const migrateData = defineCommand({
  flags: forwardFlags,
  run: ({ flags, context }) => runForward(flags, context, { data: true }),
});
