/** Refusing what SQLite cannot do, by name: an option is never silently ignored. */
export { noCascade, refuse, refuseOptions } from "../refuse-options.ts";

export const noComments = "Leave it out: SQLite keeps no comments. Write it into the migration.";
export const notConcurrently = "Leave it out: SQLite locks the whole file for every write.";
export const alwaysValidated = "Leave it out: SQLite checks every row when a constraint is added.";
