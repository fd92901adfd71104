/** Errors about files that commands write. */
import type { Catalogue } from "./entry.ts";

export type GeneratedErrors = {
  file_exists: {
    readonly path: string;
    /** The flag that overwrites the file. Default: none does. */
    readonly flag?: string;
  };
  manifest_stale: { readonly path: string; readonly isThere: boolean };
  name_taken: { readonly name: string; readonly origin: string };
  types_stale: { readonly repo: string; readonly path: string; readonly isThere: boolean };
};

export const generatedErrors: Catalogue<GeneratedErrors> = {
  file_exists: {
    exitCode: 2,
    message: (d) => `${d.path} exists already`,
    hint: (d) =>
      `Delete it first${d.flag === undefined ? "" : `, or add ${d.flag},`} if you want a new one.`,
  },
  manifest_stale: {
    exitCode: 3,
    message: (d) =>
      d.isThere ? `${d.path} is not what the migration folders hold` : `${d.path} is not there`,
    hint: () => "Write it with: slipway gen manifest",
  },
  types_stale: {
    exitCode: 3,
    message: (d) =>
      d.isThere
        ? `repo ${d.repo}: ${d.path} is not what the database has`
        : `repo ${d.repo}: there is no ${d.path}`,
    hint: () => "Write it with: slipway gen types",
  },
  name_taken: {
    exitCode: 2,
    message: (d) =>
      `migration can't be created, there is already a migration file with name ${d.name}: ${d.origin}`,
    hint: () => "Choose another name.",
  },
};
