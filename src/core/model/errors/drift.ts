/** Errors when Slipway compares a database with the result of its migrations. */
import { describeMs } from "../blocker.ts";
import type { Catalogue } from "./entry.ts";

export type DriftErrors = {
  dump_unsupported: { readonly repo: string; readonly database: string };
  schema_not_kept: {
    readonly repo: string;
    readonly reason: string;
    /** Whether runs keep it. */
    readonly fingerprint: boolean;
    /** Whether a migration is half done, so that nobody knows which schema is right. */
    readonly halfDone?: boolean;
  };
  schema_locked: {
    /** The locked tables, which nobody can read: `public.posts`. */
    readonly tables: readonly string[];
    readonly waitedMs: number;
    /** Who holds it, in words. */
    readonly holders: string;
  };
  schema_denied: {
    readonly user: string;
    /** The object that the user may not read: `table pg_catalog.pg_proc`. */
    readonly what: string;
    /** The statement that lets the user. */
    readonly grant: string;
  };
  schema_too_old: {
    /** `PostgreSQL 12`. */
    readonly server: string;
    /** The oldest version that can be read. */
    readonly oldest: string;
  };
  schema_drifted: {
    readonly repo: string;
    /** `column title of table public.posts`. */
    readonly objects: readonly string[];
    /** With the migrations run anew, and not with what the last run left. */
    readonly rebuilt: boolean;
  };
};

export const driftErrors: Catalogue<DriftErrors> = {
  dump_unsupported: {
    exitCode: 2,
    message: (d) => `repo ${d.repo}: the schema of ${d.database} cannot be read here`,
    hint: () => "Its adapter cannot read a schema. Use the program of the database.",
  },
  schema_not_kept: {
    exitCode: 2,
    message: (d) => `repo ${d.repo}: there is no schema to compare with: ${d.reason}`,
    hint: (d) =>
      d.halfDone
        ? "Finish the migration, roll it back or mark it first. To see how, run status."
        : d.fingerprint
          ? `The next run keeps one. To keep what is there now: slipway verify --schema --accept -r ${d.repo}`
          : `Its option fingerprint is false. To keep what is there now: slipway verify --schema --accept -r ${d.repo}`,
  },
  schema_locked: {
    exitCode: 1,
    message: (d) =>
      `the schema cannot be read: ${d.tables.length === 0 ? "a table" : d.tables.join(", ")} was locked for ${describeMs(d.waitedMs)}; in the way: ${d.holders}`,
    hint: () => "Run it again when they are done, or end them: SELECT pg_terminate_backend(PID).",
  },
  schema_denied: {
    exitCode: 2,
    message: (d) => `the schema cannot be read: ${d.user} may not use ${d.what}`,
    hint: (d) => `Let a DBA run this once: ${d.grant};`,
  },
  schema_too_old: {
    exitCode: 2,
    message: (d) =>
      `the schema cannot be read: the server is ${d.server}, and ${d.oldest} is the oldest that can be`,
    hint: (d) =>
      `Restore the schema on a server of version ${d.oldest} or newer, and name that one.`,
  },
  schema_drifted: {
    exitCode: 4,
    message: (d) =>
      `repo ${d.repo}: ${d.objects.length === 1 ? d.objects[0] : `${d.objects.length} objects`} differ${d.objects.length === 1 ? "s" : ""} from what ${d.rebuilt ? "the migrations make" : "the last run left"}`,
    hint: (d) =>
      d.rebuilt
        ? "Write a migration that does the same, or undo it."
        : `Write a migration that does the same, or undo it. To keep it as it is: slipway verify --schema --accept -r ${d.repo}`,
  },
};
