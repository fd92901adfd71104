/** What the surroundings of a test run say, which programs that tests start must not hear. */

/** The variable by which tests know that they run in CI, where `CI` itself is taken away. */
export const inCi = "SLIPWAY_TESTS_IN_CI";

/**
 * Makes a run of the tests the same on each machine: with `CI` set, `migrate` begins each line with the time, and
 * `check --summary` writes into the summary of the job that runs the tests.
 */
export function forgetSurroundings(): void {
  if (process.env.CI) process.env[inCi] = process.env.CI;
  delete process.env.CI;
  delete process.env.GITHUB_STEP_SUMMARY;
}
