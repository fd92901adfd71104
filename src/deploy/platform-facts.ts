/** The facts for the files of platforms that build the Dockerfile. */
export type PlatformFacts = {
  /** The name of the launcher: `my_app`. */
  readonly app: string;
  /** The name on the platform: `my-app`. */
  readonly name: string;
  readonly port: number;
};
