/** Where a release keeps what belongs to a running app. */
import { join } from "node:path";
import { ReleaseError } from "../core/model/errors.ts";

/** The longest path of a socket that every system takes, in bytes. */
const longest = 103;

/**
 * The socket of the running app: in `RELEASE_TMP`, or else in `tmp` of the release. The launchers set both.
 *
 * @throws {ReleaseError} `run_folder_unusable`
 */
export function socketPath(
  app: string,
  env: { readonly [variable: string]: string | undefined } = process.env,
): string {
  const { RELEASE_TMP: tmp, RELEASE_ROOT: root } = env;
  const folder = tmp || (root ? join(root, "tmp") : undefined);
  if (folder === undefined) {
    throw new ReleaseError("run_folder_unusable", {
      reason: "neither RELEASE_TMP nor RELEASE_ROOT is set",
    });
  }
  const path = join(folder, `${app}.sock`);
  if (Buffer.byteLength(path) > longest) {
    const reason = `${path} is longer than the ${longest} bytes of a socket's path`;
    throw new ReleaseError("run_folder_unusable", { reason });
  }
  return path;
}
