/** Where the dashboard is mounted, and the ways from there. */
import { ReleaseError } from "../index.ts";

/** Makes paths below the place of the dashboard, as the browser sees it, and reads those of requests. */
export class Mount {
  /** As the browser sees it. */
  readonly path: string;
  /** As requests have it: a proxy or a framework may have taken a part of it away. */
  readonly #asked: string;

  /** @throws {ReleaseError} `usage_invalid` */
  constructor(asked: string, path = asked) {
    this.#asked = pathFrom(asked, "path");
    this.path = pathFrom(path, "publicPath");
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
    if (pathname !== this.#asked && !pathname.startsWith(`${this.#asked}/`)) return undefined;
    try {
      return pathname.slice(this.#asked.length).split("/").filter(Boolean).map(decodeURIComponent);
    } catch {
      return undefined;
    }
  }

  /** The path of a request below this place, with the question mark and the parameters. */
  page({ pathname, search }: URL): string {
    return pathname.slice(this.#asked.length + 1) + search;
  }
}

/** @throws {ReleaseError} `usage_invalid` */
function pathFrom(text: string, option: "path" | "publicPath"): string {
  if (!/^\/[\w\-./~]*$/.test(text) || text.includes("//"))
    throw new ReleaseError("usage_invalid", {
      reason: `${option} of the dashboard is ${JSON.stringify(text)}, and it must be a path such as "/slipway"`,
      hint: `Give the path ${option === "path" ? "that requests have" : "that the browser sees"}, from its first slash.`,
    });
  return text.replace(/\/+$/, "");
}
