/** What the files of platforms that build the Dockerfile are made from. */
export type PlatformFacts = {
  /** The name of the launcher: `my_app`. */
  readonly app: string;
  /** The name on the platform: `my-app`. */
  readonly name: string;
  readonly port: number;
};
