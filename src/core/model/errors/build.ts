/** Errors on the way from sources to a built release. */
import type { Catalogue } from "./entry.ts";

export type BuildErrors = {
  bundler_missing: Readonly<Record<never, never>>;
  injector_missing: Readonly<Record<never, never>>;
  sea_impossible: { readonly reason: string };
  bundling_failed: { readonly places: readonly string[]; readonly hint: string };
  release_exists: { readonly path: string };
  not_a_release: { readonly path: string; readonly reason: string };
};

export const buildErrors: Catalogue<BuildErrors> = {
  bundler_missing: {
    exitCode: 2,
    message: () => "a release is bundled with esbuild, which is not installed",
    hint: () => "Install it: npm install --save-dev esbuild",
  },
  injector_missing: {
    exitCode: 2,
    message: () => "one executable file is made with postject, which is not installed",
    hint: () => "Install it: npm install --save-dev postject",
  },
  sea_impossible: {
    exitCode: 2,
    message: (d) => `this cannot be one executable file: ${d.reason}`,
    hint: () => "Build it without --sea: a release in a folder can have it.",
  },
  bundling_failed: {
    exitCode: 2,
    message: (d) => `the release cannot be bundled: ${d.places.join("; ")}`,
    hint: (d) => d.hint,
  },
  release_exists: {
    exitCode: 2,
    message: (d) => `${d.path} exists already`,
    hint: () => "Add --overwrite to build it again.",
  },
  not_a_release: {
    exitCode: 2,
    message: (d) => `${d.path} is no release: ${d.reason}`,
    hint: () => "Name another folder with --out, or remove this one by hand.",
  },
};
