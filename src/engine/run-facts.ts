/** Facts of one run that every history row of it carries. */
export type RunFacts = {
  readonly runId: string;
  readonly release: string;
  readonly host: string;
  /** The number of the lock that it is done under, as digits. Default: it is done without a lock. */
  readonly fence?: string | undefined;
};
