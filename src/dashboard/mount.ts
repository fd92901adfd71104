/** Where the dashboard is mounted, and the ways from there. */
import { ReleaseError } from "../index.ts";

/** Makes paths below the place of the dashboard, and reads them. */
export class Mount {
  readonly path: string;

  /** @throws {ReleaseError} `usage_invalid` */
  constructor(path: string) {
    if (!/^\/[\w\-./~]*$/.test(path) || path.includes("//"))
      throw new ReleaseError("usage_invalid", {
        reason: `path of the dashboard is ${JSON.stringify(path)}, and it must be a path such as "/slipway"`,
        hint: "Give the path that the browser sees, from its first slash.",
      });
    this.path = path.replace(/\/+$/, "");
  }

  /** A page: `to("now")`. */
  to(page: string): string {
    return `${this.path}/${page}`;
  }

  /** The page of a migration. */
  migration(repo: string, version: string, lane: "schema" | "data" = "schema"): string {
    const of = `migrations/${encodeURIComponent(repo)}/${encodeURIComponent(version)}`;
    return this.to(lane === "data" ? `${of}?data` : of);
  }

  /** The page of a backfill, or of something that can be done with it. */
  backfill(repo: string, version: string, action?: string): string {
    const of = `backfills/${encodeURIComponent(repo)}/${encodeURIComponent(version)}`;
    return this.to(action === undefined ? of : `${of}/${action}`);
  }

  /** The parts of a path below this place; nothing for one that is elsewhere. */
  parts(pathname: string): readonly string[] | undefined {
    if (pathname !== this.path && !pathname.startsWith(`${this.path}/`)) return undefined;
    try {
      return pathname.slice(this.path.length).split("/").filter(Boolean).map(decodeURIComponent);
    } catch {
      return undefined;
    }
  }
}
