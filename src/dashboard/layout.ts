/** The frame of each page: its head, the links to the other pages, and the visitor's name. */
import { type Content, html, type Markup, trusted } from "./html.ts";
import type { Mount } from "./mount.ts";
import { script } from "./script.ts";
import { style } from "./style.ts";

/** A part of a page that is put in anew when it changes. */
export type Section = { readonly id: string; readonly content: Content };

/** A page, without the frame around it. */
export type PageView = {
  readonly title: string;
  /** The place among the pages that it belongs to. */
  readonly nav: "overview" | "migrations" | "backfills" | "now" | "plan" | undefined;
  readonly sections: readonly Section[];
  /** Follows what happens. Default: `false`. */
  readonly live?: boolean;
  /** Default: 200. */
  readonly status?: number;
};

type Around = {
  readonly app: string;
  readonly version: string | undefined;
  readonly user: string;
  readonly place: Mount;
  /** This request, below the place of the dashboard. */
  readonly page: string;
  /** Lets the style and the script of this answer, and no other, take effect. */
  readonly nonce: string;
};

/** The whole document. */
export function documentOf(view: PageView, around: Around): string {
  const { app, version, user, place, page, nonce } = around;
  const link = (nav: PageView["nav"], path: string, words: string) =>
    html`<li><a href="${place.to(path)}"${current(nav === view.nav)}>${words}</a></li>`;
  return `${html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>${view.title} · ${app}</title>
<style nonce="${nonce}">${trusted(style)}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header>
<p class="brand"><a href="${place.to("")}">${mark}<strong>${app}</strong></a>${version !== undefined && html`<span class="quiet">${version}</span>`}</p>
<nav aria-label="Pages"><ul>
${link("overview", "", "Overview")}
${link("migrations", "migrations", "Migrations")}
${link("backfills", "backfills", "Backfills")}
${link("now", "now", "Now")}
${link("plan", "plan", "Plan")}
</ul></nav>
<p class="who"><span class="quiet">${user}</span>${view.live === true && html`<span id="live" role="status"></span>`}</p>
</header>
<main id="main" tabindex="-1"${view.live === true && html` data-live="${place.to(`live?page=${encodeURIComponent(page)}`)}"`}>
${view.sections.map(sectionOf)}
</main>
${view.live === true && html`<script nonce="${nonce}">${trusted(script)}</script>`}
</body>
</html>
`}`;
}

/** One section, as it stands in the page and as it is sent when it changes. */
export function sectionOf({ id, content }: Section): Markup {
  return html`<div id="${id}" class="part">${content}</div>
`;
}

function current(is: boolean): Content {
  return is && html` aria-current="page"`;
}

const mark = trusted(
  '<svg class="mark" width="22" height="22" viewBox="0 0 22 22" aria-hidden="true"><path d="M2 17.5h18M4 14 15.5 5.5 18 14z" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linejoin="round" stroke-linecap="round"/></svg>',
);
