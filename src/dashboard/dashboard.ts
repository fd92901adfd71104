/** Handles a request: who may look, which page it is, and the frame around it. */
import { randomBytes } from "node:crypto";
import { isOnThisMachine } from "../http/where-from.ts";
import { isReleaseError, ReleaseError } from "../index.ts";
import { eventsAnswer, pageAnswer, textAnswer } from "./answers.ts";
import type { PageContext } from "./context.ts";
import type {
  DashboardHandler,
  DashboardOptions,
  DashboardRelease,
  DashboardVisitor,
} from "./dashboard-options.ts";
import { wrongOf } from "./facts.ts";
import { formTokenOf } from "./form-token.ts";
import { answerToForm } from "./forms.ts";
import { html } from "./html.ts";
import { documentOf, type PageView } from "./layout.ts";
import { Live } from "./live.ts";
import { Mount } from "./mount.ts";
import { pageOf } from "./pages/page-of.ts";
import { wrongNote } from "./parts.ts";
import { Reader } from "./reader.ts";

/**
 * Pages that show what the databases of a release are doing: their migrations, their backfills, who waits for whom. They
 * read, take no lock and make no table. A visitor can pause, resume, set and cancel backfills; the schema is only
 * changed with `allow: ["migrate"]`.
 *
 * @throws {ReleaseError} `dashboard_unprotected`, `usage_invalid`
 */
export function dashboard(
  release: DashboardRelease,
  options: DashboardOptions = {},
): DashboardHandler {
  const { path = "/slipway", publicPath = path, authorize, allow = [], prefix, onError } = options;
  if (authorize === undefined && !isDevelopment())
    throw new ReleaseError("dashboard_unprotected", { environment: process.env.NODE_ENV });
  const place = new Mount(path, publicPath);
  const reader = new Reader(release);
  const where = prefix === undefined ? {} : { prefix };
  const fixed = { reader, place, where, allow };
  const live = new Live(
    (page) => pageAt(page, { ...fixed, visitor: { user: "" }, formToken: "" }),
    reader.cost,
  );
  const respond = async (request: Request): Promise<Response> => {
    const url = URL.parse(request.url);
    const parts = url === null ? undefined : place.parts(url.pathname);
    if (url === null || parts === undefined) return textAnswer(404, "there is no such page");
    const visitor = await visitorOf(request, authorize).catch((error: unknown) => {
      onError?.(error);
      return textAnswer(500, "authorize of the dashboard threw");
    });
    if (visitor instanceof Response) return visitor;
    const { token, headers } = formTokenOf(request, place);
    const query = url.searchParams;
    const context = { ...fixed, visitor, formToken: token, query, now: Date.now() };
    const told = await answerToForm(request, parts, context);
    if (told instanceof Response) return told;
    if (parts[0] === "live" && parts.length === 1)
      return request.method === "HEAD" ? eventsAnswer(null) : live.follow(query.get("page") ?? "");
    const view = told ?? (await viewOf(() => pageOf(parts, context), onError));
    const answer = answerOf(view, { context, release, page: place.page(url) });
    for (const [name, value] of Object.entries(headers)) answer.headers.set(name, value);
    return answer;
  };
  const close = async () => {
    live.close();
    await reader.close();
  };
  return Object.assign(respond, { close });
}

/** A page by its path and the parameters behind its question mark, as it is for all visitors. */
function pageAt(page: string, given: Omit<PageContext, "query" | "now">): Promise<PageView> {
  const { pathname, searchParams: query } = new URL(page, "http://localhost/");
  const parts = pathname.split("/").filter(Boolean).map(decodeURIComponent);
  return pageOf(parts, { ...given, query, now: Date.now() });
}

/** The page, or what kept it from being made. */
async function viewOf(
  make: () => Promise<PageView>,
  onError: DashboardOptions["onError"],
): Promise<PageView> {
  try {
    return await make();
  } catch (error) {
    const isUnknown = isReleaseError(error) && unknownCodes.has(error.code);
    if (!isUnknown) onError?.(error);
    const title = isUnknown ? "There is no such page" : "This page could not be made";
    const content = html`<h1>${title}</h1>${wrongNote(wrongOf(error))}`;
    const sections = [{ id: "head", content }];
    return { title, nav: undefined, status: isUnknown ? 404 : 500, sections };
  }
}

/** The address names an object that is not there, and nothing is wrong with the server. */
const unknownCodes: ReadonlySet<string> = new Set(["backfill_unknown", "repo_unknown"]);

function answerOf(
  view: PageView,
  { context, release, page }: { context: PageContext; release: DashboardRelease; page: string },
): Response {
  const nonce = randomBytes(18).toString("base64");
  const { app, version } = release;
  const { place, visitor } = context;
  const body = documentOf(view, { app, version, user: visitor.user, place, page, nonce });
  return pageAnswer(body, { nonce, status: view.status });
}

function isDevelopment(): boolean {
  return process.env.NODE_ENV === "development" || process.env.NODE_ENV === "test";
}

/** Without `authorize` this is development, where a name of elsewhere that leads here would let its scripts in. */
async function visitorOf(
  request: Request,
  authorize: DashboardOptions["authorize"],
): Promise<DashboardVisitor | Response> {
  if (authorize !== undefined) return admitted(await authorize(request));
  return isOnThisMachine(request) ? { user: "developer" } : textAnswer(403, "unknown host");
}

/** JavaScript may answer anything: whoever has no name stays outside, and so does the answer of another library. */
function admitted(answer: unknown): DashboardVisitor | Response {
  if (answer instanceof Response) return answer;
  const { user } = (answer ?? {}) as { readonly user?: unknown };
  return typeof user === "string"
    ? { user }
    : textAnswer(403, "authorize of the dashboard gave no user");
}
