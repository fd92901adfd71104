/**
 * The commands of both doors, sources and a built release: one line each. Each loads only when
 * somebody runs it.
 */
import type { CommandEntry } from "../command.ts";

/** Defined only in a built release, when none of its migrations is a backfill. */
declare const slipwayWithoutBackfills: true | undefined;

// biome-ignore format: one line each
const backfillCommands: readonly CommandEntry[] = [
  { name: "backfill list", words: "list the backfills that have started", load: async () => (await import("./backfill-list.ts")).backfillList },
  { name: "backfill show", words: "show how far a backfill is, and which rows failed", load: async () => (await import("./backfill-show.ts")).backfillShow },
  { name: "backfill work", words: "work on a backfill, together with other workers", load: async () => (await import("./backfill-work.ts")).backfillWork },
  { name: "backfill pause", words: "pause a backfill, on every machine", load: async () => (await import("./backfill-pause.ts")).backfillPause },
  { name: "backfill resume", words: "let workers continue a paused or failed backfill", load: async () => (await import("./backfill-resume.ts")).backfillResume },
  { name: "backfill cancel", destroys: true, words: "stop a backfill for good", load: async () => (await import("./backfill-cancel.ts")).backfillCancel },
  { name: "backfill restart", destroys: true, words: "start a backfill again from its first row", load: async () => (await import("./backfill-restart.ts")).backfillRestart },
  { name: "backfill set", words: "change the pace while it runs: batch-size=5000 pause=100", load: async () => (await import("./backfill-set.ts")).backfillSet },
  { name: "backfill retry-dead", words: "try the failed rows again", load: async () => (await import("./backfill-retry-dead.ts")).backfillRetryDead },
];

/** Defined only in a built release, when none of its repos has tenants. */
declare const slipwayWithoutTenants: true | undefined;

// biome-ignore format: one line each
const tenantCommands: readonly CommandEntry[] = [
  { name: "tenant create", words: "create a tenant at the current version", load: async () => (await import("./tenant-create.ts")).tenantCreate },
  { name: "tenant drop", destroys: true, words: "drop a tenant with all its data", load: async () => (await import("./tenant-drop.ts")).tenantDrop },
];

// biome-ignore format: one line each
export const commands: readonly CommandEntry[] = [
  { name: "migrate", words: "run pending migrations", load: async () => (await import("./migrate.ts")).migrate },
  { name: "rollback", words: "roll a repo back, down to and including a version", load: async () => (await import("./rollback.ts")).rollback },
  { name: "status", words: "show what has run and what has not", load: async () => (await import("./status.ts")).status },
  { name: "migrate-data", words: "run pending data migrations", load: async () => (await import("./migrate-data.ts")).migrateData },
  ...(typeof slipwayWithoutBackfills === "undefined" ? backfillCommands : []),
  ...(typeof slipwayWithoutTenants === "undefined" ? tenantCommands : []),
  { name: "plan", words: "show what migrate would do, with its SQL, and the order of a deploy", load: async () => (await import("./plan.ts")).plan },
  { name: "wait", words: "wait until this release can start; needs only SELECT", load: async () => (await import("./wait.ts")).wait },
  { name: "verify", words: "compare the migrations of this release with the databases", load: async () => (await import("./verify.ts")).verify },
  { name: "history", words: "show who did what to the migrations, failures included", load: async () => (await import("./history.ts")).history },
  { name: "mark", words: "settle an interrupted statement, or set what counts as applied", load: async () => (await import("./mark.ts")).mark },
  { name: "baseline", words: "record that a database already has everything up to a version", load: async () => (await import("./baseline.ts")).baseline },
  { name: "tables", words: "list Slipway's own tables; --sql prints them for a DBA, with the rights", load: async () => (await import("./tables.ts")).tables },
  { name: "facts", words: "print sizes, versions and settings for check --facts; no data", load: async () => (await import("./facts.ts")).facts },
  { name: "dump", words: "write the schema of the databases as SQL; --check compares", load: async () => (await import("./dump.ts")).dump },
  { name: "load", words: "load a dumped schema into an empty database", load: async () => (await import("./load.ts")).load },
  { name: "doctor", words: "find problems: connection, rights, settings, blockers", load: async () => (await import("./doctor.ts")).doctor },
  { name: "create", words: "create the databases", load: async () => (await import("./create.ts")).create },
  { name: "drop", destroys: true, words: "drop the databases with all their data", load: async () => (await import("./drop.ts")).drop },
  { name: "version", words: "show the versions of slipway and of the app", load: async () => (await import("./version.ts")).version },
];
