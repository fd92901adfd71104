/** Loading a driver that the user may not have installed. */
import { ReleaseError } from "../core/model/errors.ts";

/**
 * Loads the driver by `load`, which must be a literal `() => import("mysql2")`, so that a bundler sees
 * which driver is used.
 *
 * @throws {ReleaseError} `driver_missing`
 */
export async function importDriver<Driver>(
  load: () => Promise<Driver>,
  names: {
    readonly driver: string;
    readonly adapter: string;
    readonly needs?: string;
    readonly instead?: string;
  },
): Promise<Driver> {
  try {
    return await load();
  } catch (error) {
    if (isMissing(error, names.driver)) {
      throw new ReleaseError("driver_missing", names, { cause: error });
    }
    throw error;
  }
}

/** Whether the package itself is not there: one that it needs may be missing too, which is another fault. */
function isMissing(error: unknown, driver: string): boolean {
  if (!(error instanceof Error) || !("code" in error)) return false;
  const notFound = error.code === "ERR_MODULE_NOT_FOUND" || error.code === "MODULE_NOT_FOUND";
  return notFound && [`'${driver}'`, `'${driver}/`].some((name) => error.message.includes(name));
}
