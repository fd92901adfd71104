/** Findings of a shadow, a database to try migrations on, and the repos that cannot have one. */
import type { Version } from "../migration.ts";
import type { Catalogue } from "./entry.ts";
import { list, named, onOneLine } from "./words.ts";

export type ShadowErrors = {
  roundtrip_differs: {
    readonly repo: string;
    readonly migrations: readonly { readonly version: Version; readonly name: string }[];
  };
  shadow_unsupported: {
    readonly repos: readonly string[];
    /** The flag that names a server, if that is missing. */
    readonly flag?: string;
  };
  squash_differs: {
    readonly repo: string;
    readonly to: Version;
    /** `- index public.posts_title`: missing; `+`: too much; `~`: another. */
    readonly lines: readonly string[];
  };
  migration_not_in_release: { readonly versions: readonly Version[] };
};

export const shadowErrors: Catalogue<ShadowErrors> = {
  roundtrip_differs: {
    exitCode: 4,
    message: (d) =>
      `repo ${d.repo}: ${d.migrations.map((one) => named(one.version, one.name)).join(", ")} did not come back as it was, up, down and up`,
    hint: () => "Correct the way back, or say that there is none: leave down out.",
  },
  squash_differs: {
    exitCode: 4,
    message: (d) =>
      `repo ${d.repo}: a baseline of ${d.to} and what comes after it make another schema than all migrations: ${d.lines.slice(0, 5).map(onOneLine).join("; ")}${d.lines.length > 5 ? `; and ${d.lines.length - 5} more` : ""}`,
    hint: () =>
      "Nothing was written. What dump cannot write, or what a later migration looks for, has to stay.",
  },
  shadow_unsupported: {
    exitCode: 2,
    message: (d) => `no shadow can be made for ${list(d.repos)}`,
    hint: (d) =>
      d.flag === undefined
        ? "--trace knows PostgreSQL and PGlite, --roundtrip also SQLite. Name such a repo with --repo."
        : `MySQL and MariaDB need a server: name one with ${d.flag}. Other databases have none.`,
  },
  migration_not_in_release: {
    exitCode: 2,
    message: (d) => `no migration has version ${d.versions.join(", ")}`,
    hint: () => "Give versions of this release, --all, or nothing for those that are pending.",
  },
};
