/** Which page a path is. */
import type { PageContext } from "../context.ts";
import { html } from "../html.ts";
import type { PageView } from "../layout.ts";
import { overview } from "./overview.ts";

/** The page below the place of the dashboard, by the parts of its path. */
export async function pageOf(parts: readonly string[], context: PageContext): Promise<PageView> {
  const [page] = parts;
  switch (page) {
    case undefined:
      return overview(context);
    default:
      return nothingHere(context);
  }
}

/** No page is here. */
export function nothingHere({ place }: PageContext): PageView {
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
