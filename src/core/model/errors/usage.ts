/** Impossible requests of the user: words, options, files of the command line. */

import type { Version } from "../migration.ts";
import { type SystemFailure, systemHint } from "../system-failure.ts";
import type { Catalogue } from "./entry.ts";
import { list } from "./words.ts";

export type UsageErrors = {
  usage_invalid: { readonly reason: string; readonly hint: string };
  option_unknown: {
    readonly option: string;
    readonly of: string;
    readonly known: readonly string[];
  };
  option_invalid: { readonly option: string; readonly value: string; readonly expected: string };
  targets_conflict: { readonly given: readonly string[] };
  target_missing: { readonly given: string };
  repo_unknown: { readonly repo: string; readonly known: readonly string[] };
  repo_missing: {
    readonly known: readonly string[];
    readonly command: string;
  };
  version_missing: { readonly repo: string; readonly command: string };
  version_unknown: {
    readonly repo: string;
    readonly version: Version;
    readonly nearest?: Version | undefined;
  };
  confirmation_missing: { readonly command: string };
  output_lost: { readonly reason: string };
  file_unwritable: SystemFailure & { readonly path: string };
  file_inaccessible: SystemFailure & { readonly path: string };
  release_missing: { readonly looked: readonly string[] };
  release_invalid: { readonly path: string; readonly reason: string };
};

export const usageErrors: Catalogue<UsageErrors> = {
  output_lost: {
    exitCode: 2,
    message: (d) => `what this command gave could not be written: ${d.reason}`,
    hint: () =>
      "The command did its work and lost only its output. Make room where the output goes, then look with status.",
  },
  file_unwritable: {
    exitCode: 2,
    message: (d) => `${d.path} cannot be written: ${d.reason}`,
    hint: (d) => systemHint(d.system),
  },
  file_inaccessible: {
    exitCode: 2,
    message: (d) => `${d.path} cannot be used: ${d.reason}`,
    hint: (d) => systemHint(d.system),
  },
  usage_invalid: { exitCode: 2, message: (d) => d.reason, hint: (d) => d.hint },
  option_unknown: {
    exitCode: 2,
    message: (d) => `${d.of} has no option ${d.option}`,
    hint: (d) => (d.known.length === 0 ? "Leave it out." : `Use one of: ${list(d.known)}.`),
  },
  option_invalid: {
    exitCode: 2,
    message: (d) => `${d.option} is ${d.value}, which is not ${d.expected}`,
    hint: (d) => `Give ${d.option} ${d.expected}.`,
  },
  targets_conflict: {
    exitCode: 2,
    message: (d) => `${d.given.join(" and ")} exclude each other`,
    hint: () => "Give only one of them.",
  },
  target_missing: {
    exitCode: 2,
    message: (d) => `expected one of all, step, to or toExclusive, got ${d.given}`,
    hint: () => "Say how far to go, for example { all: true }.",
  },
  repo_unknown: {
    exitCode: 2,
    message: (d) => `the release has no repo ${d.repo}`,
    hint: (d) => `Use one of: ${list(d.known)}.`,
  },
  repo_missing: {
    exitCode: 2,
    message: (d) => `${d.command} needs the name of a repo`,
    hint: (d) => `Name one of: ${list(d.known)}.`,
  },
  version_missing: {
    exitCode: 2,
    message: (d) =>
      d.command === "rollback"
        ? `rollback of ${d.repo} needs the version to go back to`
        : `${d.command} of ${d.repo} needs a version`,
    hint: (d) =>
      d.command === "rollback"
        ? "Look it up with slipway status. Slipway also rolls back the version that you name."
        : "Look it up with status.",
  },
  version_unknown: {
    exitCode: 2,
    message: (d) => `repo ${d.repo} has no migration ${d.version}`,
    hint: (d) =>
      d.nearest === undefined
        ? "Look the version up with status."
        : `Did you mean ${d.nearest}? Look it up with status.`,
  },
  confirmation_missing: {
    exitCode: 2,
    message: (d) => `${d.command} was not confirmed, so nothing was done`,
    hint: () => "Answer yes, or add --yes.",
  },
  release_missing: {
    exitCode: 2,
    message: (d) => `no release file found: looked for ${list(d.looked)}`,
    hint: () => "Write one with slipway init, or name it with --release PATH.",
  },
  release_invalid: {
    exitCode: 2,
    message: (d) => `${d.path} cannot be used: ${d.reason}`,
    hint: () => "It must export Release = defineRelease({ … }).",
  },
};
