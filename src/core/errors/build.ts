/** What stands between sources and a built release, and what a built release can refuse. */
import type { Catalogue } from "./entry.ts";

export type BuildErrors = {
  bundler_missing: Readonly<Record<never, never>>;
  injector_missing: Readonly<Record<never, never>>;
  sea_impossible: { readonly reason: string };
  bundling_failed: { readonly places: readonly string[]; readonly hint: string };
  release_exists: { readonly path: string };
  not_a_release: { readonly path: string; readonly reason: string };
  app_unusable: { readonly reason: string; readonly hint: string };
  expression_missing: { readonly command: string };
  expression_failed: { readonly reason: string; readonly trace: string };
  run_folder_unusable: { readonly reason: string };
  app_not_listening: { readonly path: string; readonly reason: string };
  release_damaged: {
    readonly files: readonly { readonly path: string; readonly is: "changed" | "missing" }[];
  };
};

export const buildErrors: Catalogue<BuildErrors> = {
  bundler_missing: {
    exitCode: 2,
    message: () => "a release is bundled with esbuild, which is not installed",
    hint: () => "npm install --save-dev esbuild",
  },
  injector_missing: {
    exitCode: 2,
    message: () => "one executable file is made with postject, which is not installed",
    hint: () => "npm install --save-dev postject",
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
  app_unusable: {
    exitCode: 2,
    message: (d) => d.reason,
    hint: (d) => d.hint,
  },
  expression_missing: {
    exitCode: 2,
    message: (d) => `${d.command} expects an expression as argument`,
    hint: (d) => `Write it in quotes: ${d.command} 'Release.migrationStatus()'`,
  },
  expression_failed: {
    exitCode: 1,
    message: (d) => `the expression failed: ${d.reason}`,
    hint: () => "The trace above says where.",
  },
  run_folder_unusable: {
    exitCode: 2,
    message: (d) => `the socket of the app cannot be used: ${d.reason}`,
    hint: () => "Set RELEASE_TMP to a short path of a folder that the app may write to.",
  },
  app_not_listening: {
    exitCode: 1,
    message: (d) => `no app answers on ${d.path}: ${d.reason}`,
    hint: () => "The app must run, with the same RELEASE_TMP, and call Release.listen().",
  },
  release_damaged: {
    exitCode: 4,
    message: (d) =>
      `this release is not as it was built: ${d.files.map((file) => `${file.path} (${file.is})`).join(", ")}`,
    hint: () => "Copy it here again, or build it again.",
  },
};
