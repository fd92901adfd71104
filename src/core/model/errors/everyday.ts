/** Errors of everyday commands, which only developers use. */
import type { Catalogue } from "./entry.ts";
import { list } from "./words.ts";

export type EverydayErrors = {
  looks_like_production: {
    readonly command: string;
    readonly repo: string;
    readonly target: string;
    /** The sign of production, such as "NODE_ENV is production". */
    readonly sign: string;
  };
  seeds_missing: { readonly looked: readonly string[] };
  seeds_failed: { readonly repo: string; readonly path: string; readonly reason: string };
  nothing_to_redo: { readonly repo: string };
  release_ambiguous: { readonly paths: readonly string[] };
  env_file_unreadable: { readonly path: string; readonly reason: string };
};

export const everydayErrors: Catalogue<EverydayErrors> = {
  looks_like_production: {
    exitCode: 4,
    message: (d) =>
      `${d.command} is for development, and repo ${d.repo} at ${d.target} looks like production: ${d.sign}`,
    hint: () => "If this is not production, add --not-production.",
  },
  seeds_missing: {
    exitCode: 2,
    message: (d) => `there are no seeds: ${list(d.looked)}`,
    hint: () => "Write one that exports defineSeeds(async (db) => { … }) by default.",
  },
  seeds_failed: {
    exitCode: 1,
    message: (d) => `repo ${d.repo}: ${d.path} failed: ${d.reason}`,
    hint: () => "Its transaction was rolled back. Correct it and run seed again.",
  },
  nothing_to_redo: {
    exitCode: 2,
    message: (d) => `repo ${d.repo} has no applied migration to redo`,
    hint: () => "Run migrate first.",
  },
  release_ambiguous: {
    exitCode: 2,
    message: (d) => `there are several release files: ${list(d.paths)}`,
    hint: (d) => `Name one with --release ${d.paths[0]}, or run this in its folder.`,
  },
  env_file_unreadable: {
    exitCode: 2,
    message: (d) => `${d.path} cannot be read: ${d.reason}`,
    hint: () => "Make it a readable file of NAME=value lines, or remove it.",
  },
};
