/** A file of a release that is being made. Plain data. */
export type ReleaseFile = {
  /** Below the folder of the release, with forward slashes. */
  readonly path: string;
  readonly contents: string | Uint8Array;
  /** Default: `false`. */
  readonly executable?: boolean;
};
