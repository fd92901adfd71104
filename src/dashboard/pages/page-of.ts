/** Which page a path is. */
import type { PageContext } from "../context.ts";
import { html } from "../html.ts";
import type { PageView } from "../layout.ts";
import { isVersion } from "../version-input.ts";
import { backfill } from "./backfill.ts";
import { backfills } from "./backfills.ts";
import { confirmMigrate, confirmTold } from "./confirm.ts";
import { migration } from "./migration.ts";
import { migrations } from "./migrations.ts";
import { now } from "./now.ts";
import { overview } from "./overview.ts";
import { plan } from "./plan.ts";

/** The page below the place of the dashboard, by the parts of its path. */
export async function pageOf(parts: readonly string[], context: PageContext): Promise<PageView> {
  return (await knownPage(parts, context)) ?? nothingHere(context);
}

async function knownPage(
  [page, repo, version, action, ...more]: readonly string[],
  context: PageContext,
): Promise<PageView | undefined> {
  if (more.length > 0) return undefined;
  const depth = [repo, version, action].filter((part) => part !== undefined).length;
  switch (page) {
    case undefined:
      return overview(context);
    case "migrations":
      if (repo === undefined || version === undefined) return migrations(repo, context);
      return depth === 2 ? migration(repo, version, context) : undefined;
    case "backfills":
      if (repo === undefined) return backfills(context);
      if (version === undefined || !isVersion(version)) return undefined;
      if (action === undefined) return backfill(repo, version, context);
      return confirmTold({ repo, version, action }, context);
    case "now":
      return depth === 0 ? now(context) : undefined;
    case "plan":
      return depth === 0 ? plan(context) : undefined;
    case "migrate":
      return depth === 0 ? confirmMigrate(context) : undefined;
    default:
      return undefined;
  }
}

/** No page is here. */
function nothingHere({ place }: PageContext): PageView {
  return {
    title: "Not found",
    nav: undefined,
    status: 404,
    sections: [
      {
        id: "head",
        content: html`<h1>There is no such page</h1><p class="lead"><a href="${place.to("")}">To the overview</a></p>`,
      },
    ],
  };
}
