/** Files and folders that somebody else could have made or changed. */
import { type Stats, statSync } from "node:fs";

/**
 * The reason why it may not be used, in words; nothing where this user or root owns it and nobody
 * else may write to it. Windows knows neither, so there it gives nothing.
 */
export function distrust(path: string, { uid, mode }: Stats = statSync(path)): string | undefined {
  const own = process.getuid?.();
  if (own === undefined) return undefined;
  if (uid !== own && uid !== 0) return `${path} belongs to user ${uid}, and this is user ${own}`;
  return mode & 0o022 ? `users other than its owner may write to ${path}` : undefined;
}
