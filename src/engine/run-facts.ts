/** Facts of one run that every history row of it carries. */
export type RunFacts = {
  readonly runId: string;
  readonly release: string;
  readonly host: string;
  /** The operating system's name of who runs it. Default: nobody knows. */
  readonly user?: string | undefined;
  /** The number of the lock that it is done under, as digits. Default: it is done without a lock. */
  readonly fence?: string | undefined;
};
