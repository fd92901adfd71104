/** The handler: which question a request asks, and who answers it. */
import { ReleaseError } from "../index.ts";
import type { HealthOptions } from "./health-options.ts";
import type { HealthRelease } from "./health-release.ts";
import { MigrationsPage } from "./migrations-page.ts";
import { ReadinessProbe } from "./readiness-probe.ts";

/** Never throws. Can be mounted below any path. */
export type HealthHandler = (request: Request) => Promise<Response>;

/**
 * Answers by the last part of the path: `live` with 200 while the process lives; `ready` with 200,
 * or 503 and the missing migrations, as JSON; `migrations` with the page, where there is one.
 * Everything else is 404.
 *
 * @throws {ReleaseError} `page_in_production`
 */
export function health(release: HealthRelease, options: HealthOptions = {}): HealthHandler {
  const probe = new ReadinessProbe(release, options);
  const page = options.migrationsPage === true ? developmentPage(release, options) : undefined;
  return async (request) => {
    const question = URL.parse(request.url)?.pathname.split("/").filter(Boolean).at(-1);
    if (question === "migrations" && page !== undefined) return page.respond(request);
    if (question !== "live" && question !== "ready") return json(404, { status: "unknown" });
    if (request.method !== "GET" && request.method !== "HEAD") return notAllowed();
    if (question === "live") return json(200, { status: "live" });
    const { ready, ...body } = await probe.ask();
    return json(ready ? 200 : 503, { status: ready ? "ready" : "not ready", ...body });
  };
}

function developmentPage(release: HealthRelease, { hosts = [] }: HealthOptions): MigrationsPage {
  if (process.env.NODE_ENV === "production") throw new ReleaseError("page_in_production", {});
  return new MigrationsPage(release, hosts);
}

function json(status: number, body: object): Response {
  return Response.json(body, { status, headers: { "cache-control": "no-store" } });
}

function notAllowed(): Response {
  return new Response(null, { status: 405, headers: { allow: "GET, HEAD" } });
}
