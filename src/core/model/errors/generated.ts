/** What is said of files that commands write. */
import type { Catalogue } from "./entry.ts";

export type GeneratedErrors = {
  file_exists: {
    readonly path: string;
    /** What writes over it. Default: nothing does. */
    readonly flag?: string;
  };
  manifest_stale: { readonly path: string; readonly isThere: boolean };
  name_taken: { readonly name: string; readonly origin: string };
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
  name_taken: {
    exitCode: 2,
    message: (d) =>
      `migration can't be created, there is already a migration file with name ${d.name}: ${d.origin}`,
    hint: () => "Choose another name.",
  },
};
