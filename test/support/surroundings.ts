/** What the surroundings of a test run say, which programs that tests start must not hear. */

/** The variable by which tests know that they run in CI, where `CI` itself is taken away. */
export const inCi = "SLIPWAY_TESTS_IN_CI";

/** Variables that configure a driver, a server or an exporter, or change what a program prints. */
const configures =
  /^(PG|MYSQL_|OTEL_)|^(CI|DATABASE_URL|FORCE_COLOR|GITHUB_STEP_SUMMARY|NO_COLOR)$/;

/**
 * Makes a run of the tests the same on each machine: with `CI` set, `migrate` begins each line with the time; with
 * `PGOPTIONS`, a PostgreSQL that a test starts takes settings from it.
 */
export function forgetSurroundings(): void {
  if (process.env.CI) process.env[inCi] = process.env.CI;
  for (const name of Object.keys(process.env)) if (configures.test(name)) delete process.env[name];
}
