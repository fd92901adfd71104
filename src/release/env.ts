/** The environment, read when it is needed and not before. */
import { ReleaseError } from "../core/model/errors.ts";

/**
 * The value of an environment variable.
 *
 * @throws {ReleaseError} `env_missing` when it is not set or empty
 */
export function env(variable: string): string {
  const value = process.env[variable];
  if (value === undefined || value === "") throw new ReleaseError("env_missing", { variable });
  return value;
}
