/** Shows the page of the development: the pending migrations, and a button that runs them. */
import { randomUUID, timingSafeEqual } from "node:crypto";
import { isReleaseError, type RepoReadiness, terminal } from "../index.ts";
import { bodyWithin } from "./body-within.ts";
import type { HealthRelease } from "./health-release.ts";
import { failurePage, pendingPage, ranPage } from "./html.ts";
import { isFromElsewhere, isOnThisMachine } from "./where-from.ts";

/** The most that a request may bring: the form of the page is smaller. */
const mostBytes = 65_536;
const notFromHere = "this did not come from the page: load it again";

/** Answers GET with the pending migrations, and POST with the outcome of running them. */
export class MigrationsPage {
  readonly #release: HealthRelease;
  readonly #hosts: readonly string[];
  /** Only whoever has read the page knows it, which a page of elsewhere cannot. */
  readonly #token = randomUUID();

  constructor(release: HealthRelease, hosts: readonly string[]) {
    this.#release = release;
    this.#hosts = hosts;
  }

  /** The body is read last, when everything else about the request is right. */
  async respond(request: Request): Promise<Response> {
    // A name of elsewhere that leads to this machine would make that page's scripts count as ours.
    if (!isOnThisMachine(request, this.#hosts)) return text(403, "unknown host");
    try {
      if (request.method === "POST") return await this.#run(request);
      if (request.method !== "GET") return text(405, "use GET or POST", { allow: "GET, POST" });
      return html(200, pendingPage(this.#facts(await this.#release.readiness())));
    } catch (error) {
      return html(500, failurePage({ app: this.#release.app, ...wordsOf(error), lines: [] }));
    }
  }

  async #run(request: Request): Promise<Response> {
    if (isFromElsewhere(request)) return text(403, notFromHere);
    const body = await bodyWithin(request, mostBytes);
    if (typeof body === "number") return text(body, "this is no form of the page");
    if (!this.#hasToken(body)) return text(403, notFromHere);
    const lines: string[] = [];
    const emit = terminal({ write: (line) => lines.push(line.trimEnd()) });
    const { app } = this.#release;
    try {
      await this.#release.using({ emit }).migrate();
    } catch (error) {
      return html(500, failurePage({ app, ...wordsOf(error), lines }));
    }
    return html(200, ranPage({ app, lines }));
  }

  #facts(repos: readonly RepoReadiness[]) {
    return { app: this.#release.app, repos, token: this.#token };
  }

  #hasToken(body: string): boolean {
    const form = new URLSearchParams(body);
    const [given, own] = [form.get("token") ?? "", this.#token].map((one) => Buffer.from(one));
    return (
      given !== undefined &&
      own !== undefined &&
      given.length === own.length &&
      timingSafeEqual(given, own)
    );
  }
}

function wordsOf(error: unknown): { readonly message: string; readonly hint: string } {
  if (isReleaseError(error)) return { message: error.message, hint: error.hint };
  return { message: error instanceof Error ? error.message : String(error), hint: "" };
}

function text(status: number, body: string, headers: Record<string, string> = {}): Response {
  return new Response(`${body}\n`, {
    status,
    headers: { "cache-control": "no-store", ...headers },
  });
}

/** Nothing from elsewhere, no script at all, and in no frame. */
function html(status: number, body: string): Response {
  return new Response(body, {
    status,
    headers: {
      "content-type": "text/html; charset=utf-8",
      "cache-control": "no-store",
      "content-security-policy":
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
      "referrer-policy": "same-origin",
    },
  });
}
