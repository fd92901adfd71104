/** Refusals of a built release. */
import type { Catalogue } from "./entry.ts";

export type BuiltErrors = {
  app_unusable: { readonly reason: string; readonly hint: string };
  expression_missing: { readonly command: string };
  expression_failed: { readonly reason: string; readonly trace: string };
  run_folder_unusable: { readonly reason: string };
  compiled_otherwise: { readonly repo: string };
  backfills_left_out: { readonly [none: string]: never };
  app_not_listening: { readonly path: string; readonly reason: string };
  release_damaged: {
    readonly files: readonly {
      readonly path: string;
      readonly is: "changed" | "missing" | "added";
    }[];
  };
};

export const builtErrors: Catalogue<BuiltErrors> = {
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
    hint: () => "Read the trace above: it names the line.",
  },
  run_folder_unusable: {
    exitCode: 2,
    message: (d) => `the socket of the app cannot be used: ${d.reason}`,
    hint: () =>
      "Set RELEASE_TMP to a short path of a folder that belongs to the user of the app, and to which no other may write.",
  },
  compiled_otherwise: {
    exitCode: 2,
    message: (d) =>
      `repo ${d.repo} has other defaults, hooks or another database here than when the release was built`,
    hint: () =>
      "Build the release with --keep-compiler, which compiles its migrations where it runs.",
  },
  backfills_left_out: {
    exitCode: 2,
    message: () => "this release has no backfills, and nothing that works on them",
    hint: () => "Run the command in the release that has them, or where the sources are.",
  },
  app_not_listening: {
    exitCode: 1,
    message: (d) => `no app answers on ${d.path}: ${d.reason}`,
    hint: () => "Start the app with the same RELEASE_TMP, and let it call Release.listen().",
  },
  release_damaged: {
    exitCode: 4,
    message: (d) =>
      `this release is not as it was built: ${d.files.map((file) => `${file.path} (${file.is})`).join(", ")}`,
    hint: () => "Copy the release here again, or build it again.",
  },
};
