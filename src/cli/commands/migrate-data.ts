import { defineCommand } from "../command.ts";
import { migrateFlags, runForward } from "./migrate.ts";

/** `migrate-data`: runs pending data migrations. */
export const migrateData = defineCommand({
  flags: migrateFlags,
  run: ({ flags, context }) => runForward(flags, context, { data: true }),
});
