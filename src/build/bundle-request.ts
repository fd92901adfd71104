import type { Warning } from "../core/model/warnings.ts";
import type { AppRequest } from "./app.ts";
import type { CarriedRepo } from "./carried.ts";
import type { Needs, PlannableRepo } from "./needs.ts";
import type { ReleaseFile } from "./release-file.ts";

export type BundleRequest = {
  /** The folder of the project. */
  readonly root: string;
  readonly releaseFile: string;
  readonly repos: readonly CarriedRepo[];
  /** The same migrations, as they can be compiled before they run. */
  readonly compiled: readonly PlannableRepo[];
  /** Whether the compiler is wanted in any case. */
  readonly keepCompiler: boolean;
  /** The app's version, where the release does not say it itself. */
  readonly version: string | undefined;
  readonly app: AppRequest | undefined;
  /** Packages that stay out of the bundle and lie beside it. */
  readonly beside: readonly string[];
  /** Whether the release becomes one executable file. */
  readonly sea: boolean;
  /** The folder of this package, and its version. */
  readonly slipway: { readonly folder: string; readonly version: string };
};

export type Bundled = {
  readonly files: readonly ReleaseFile[];
  /** Packages that must lie beside the bundle. */
  readonly beside: readonly string[];
  readonly warnings: readonly Warning[];
};

/** All that a release runs. */
export type BundledRelease = Bundled & { readonly needs: Needs };
