/** Refusals and failures of a repo with many tenants: a schema, a database or a file for each. */
import type { Version } from "../migration.ts";
import type { Catalogue } from "./entry.ts";
import { list, named } from "./words.ts";

/** A tenant that was left at its last version, and why. */
export type FailedTenant = {
  readonly tenant: string;
  readonly version: Version;
  readonly name: string;
  readonly reason: string;
};

export type FleetErrors = {
  tenants_unreadable: { readonly repo: string; readonly reason: string };
  tenants_invalid: {
    readonly repo: string;
    readonly wrong: readonly { readonly tenant: string; readonly why: string }[];
  };
  tenants_unknown: { readonly repo: string; readonly tenants: readonly string[] };
  tenants_not_there: { readonly repo: string };
  tenants_unnamed: { readonly repo: string };
  tenants_unsupported: { readonly repo: string; readonly database: string; readonly what: string };
  tenants_failed: {
    readonly repo: string;
    readonly failed: readonly FailedTenant[];
    /** How many were migrated all the same. */
    readonly done: number;
    /** How many are still behind, because the budget of failures was spent. Default: none. */
    readonly left?: number | undefined;
    /** Of an earlier run: how many are left alone. Default: none. */
    readonly quarantined?: number | undefined;
    /** The next run tries them by itself, as it does where each has a database. Default: it leaves them alone. */
    readonly triedAgain?: boolean | undefined;
    /** Of data migrations. Default: of migrations. */
    readonly data?: boolean | undefined;
  };
  tenants_unreachable: {
    readonly repo: string;
    readonly unreachable: readonly { readonly tenant: string; readonly reason: string }[];
  };
  tenants_made_elsewhere: { readonly repo: string; readonly tenant: string; readonly what: string };
};

const unsupportedHints: { readonly schemas: string; readonly [what: string]: string } = {
  schemas: "Use PostgreSQL, or give each tenant its own database.",
  files: "Say where the databases are: tenants: { databases: async () => ({ name: url }) }.",
  databases:
    "PostgreSQL, MySQL and MariaDB have them. For SQLite say: tenants: { files: async () => […] }.",
};

export const fleetErrors: Catalogue<FleetErrors> = {
  tenants_unreadable: {
    exitCode: 2,
    message: (d) => `repo ${d.repo}: its tenants cannot be listed: ${d.reason}`,
    hint: () => "Correct the function of tenants in the release file: it gives a list of names.",
  },
  tenants_invalid: {
    exitCode: 2,
    message: (d) =>
      `repo ${d.repo}: tenants give ${list(d.wrong.slice(0, 3).map(({ tenant, why }) => `${tenant}, which ${why}`))}${more(d.wrong.length, 3)}`,
    hint: () => "Give the name of each tenant's schema, database or file once.",
  },
  tenants_unknown: {
    exitCode: 2,
    message: (d) =>
      `repo ${d.repo} has no tenant ${list(d.tenants.slice(0, 5))}${more(d.tenants.length, 5)}`,
    hint: (d) => `Look at: slipway status --tenants --repo ${d.repo}`,
  },
  tenants_not_there: {
    exitCode: 2,
    message: (d) => `repo ${d.repo} has no tenants`,
    hint: () => "Say in the release file where they are: tenants: { schemas: async (db) => […] }.",
  },
  tenants_unnamed: {
    exitCode: 2,
    message: (d) => `repo ${d.repo}: no tenant is named`,
    hint: () => "Name them with --tenant, or say --all-tenants.",
  },
  tenants_unsupported: {
    exitCode: 2,
    message: (d) => `repo ${d.repo}: ${d.database} has no ${d.what} for tenants`,
    hint: ({ what }) => unsupportedHints[what] ?? unsupportedHints.schemas,
  },
  tenants_failed: {
    exitCode: 6,
    message: (d) => failedWords(d),
    hint: ({ repo, failed, left = 0, triedAgain, data }) =>
      [
        failed.length === 0
          ? ""
          : triedAgain === true
            ? `Correct the cause, and the next run does what is left: slipway ${data === true ? "migrate-data" : "migrate"} --repo ${repo}`
            : `Each is whole at its last version. Correct the cause and run: slipway migrate --repo ${repo} --retry-quarantined`,
        left === 0 || failed.length === 0
          ? ""
          : "Those that are left are migrated by the next run.",
        left === 0 || failed.length > 0
          ? ""
          : `Look at: slipway status --tenants --behind --repo ${repo}. Correct the cause and run it with --retry-quarantined, or leave who failed out of --canary.`,
      ]
        .filter(Boolean)
        .join("\n"),
  },
  tenants_unreachable: {
    exitCode: 2,
    message: ({ repo, unreachable }) =>
      `repo ${repo}: ${unreachable.length} ${unreachable.length === 1 ? "tenant" : "tenants"} cannot be read: ${list(unreachable.slice(0, 3).map(({ tenant, reason }) => `${tenant} (${reason})`))}${more(unreachable.length, 3)}`,
    hint: ({ repo }) => `Look at: slipway status --behind --repo ${repo}`,
  },
  tenants_made_elsewhere: {
    exitCode: 2,
    message: (d) =>
      `repo ${d.repo}: tenant ${d.tenant} is a separate ${d.what}, which Slipway neither makes nor drops`,
    hint: (d) =>
      `Make or remove it yourself, change the list in the release file, and run: slipway migrate --repo ${d.repo} --tenant ${d.tenant}`,
  },
};

function failedWords({ repo, failed, done, left = 0 }: FleetErrors["tenants_failed"]): string {
  if (failed.length === 0 && left > 0)
    return `repo ${repo}: ${left} ${left === 1 ? "tenant was" : "tenants were"} not begun, because a canary, or too many, had failed before or in another process`;
  const shown = failed
    .slice(0, 3)
    .map(
      ({ tenant, version, name, reason }) =>
        `${tenant}${version === "" ? "" : ` at ${named(version, name)}`} (${reason})`,
    );
  const stopped = left === 0 ? "" : `; ${left} were not begun, because too many had failed`;
  return `repo ${repo}: ${failed.length} of ${failed.length + done + left} tenants failed: ${list(shown)}${more(failed.length, 3)}${stopped}`;
}

function more(count: number, shown: number): string {
  return count > shown ? ` and ${count - shown} more` : "";
}
