/** The site of the documentation, as VitePress reads it: its sidebar is the index's five parts. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { partsOf, slugOf } from "./pages.ts";

type Item = {
  readonly text: string;
  readonly link?: string;
  readonly collapsed?: boolean;
  readonly items?: readonly Item[];
};

/** Folders whose pages hang below one page of the index. */
const below: Readonly<Record<string, string>> = {
  "moving-from.md": "moving-from",
  "migrations.md": "operations",
  "rules/README.md": "rules",
};

/** The sidebar, from `README.md` of the folder with the pages. */
export function sidebarOf(docs: string): readonly Item[] {
  const parts = partsOf(readFileSync(join(docs, "README.md"), "utf8"));
  return parts.map(({ title, pages }) => ({
    text: title,
    collapsed: false,
    items: pages.map(({ text, page }) => ({ text, link: linkOf(page), ...childrenOf(docs, page) })),
  }));
}

function linkOf(page: string): string {
  return `/${page.replace(/(^|\/)README\.md$/, "$1").replace(/\.md$/, "")}`;
}

function childrenOf(docs: string, page: string): Partial<Item> {
  const folder = below[page];
  if (folder === undefined || !existsSync(join(docs, folder))) return {};
  const items = readdirSync(join(docs, folder))
    .filter((file) => file.endsWith(".md") && file !== "README.md")
    .sort()
    .map((file) => ({
      text: titleOf(join(docs, folder, file)),
      link: linkOf(`${folder}/${file}`),
    }));
  return { collapsed: true, items };
}

function titleOf(file: string): string {
  const [, title = file] = /^# (.+)$/m.exec(readFileSync(file, "utf8")) ?? [];
  return title.replaceAll("`", "");
}

/** The parts of markdown-it that are used here. */
type Markdown = {
  readonly renderer: { readonly rules: Record<string, (...parts: readonly unknown[]) => string> };
};

/** Two braces in code are a template's of another tool, and not Vue's. */
function showBraces(markdown: Markdown): void {
  const { rules } = markdown.renderer;
  const inline = rules.code_inline;
  if (inline === undefined) return;
  rules.code_inline = (...parts) => inline(...parts).replace("<code", "<code v-pre");
}

/** All of it but the folders, which the build gives. */
export function siteConfig(docs: string): object {
  return {
    title: "Slipway",
    description: "Database migrations that run from a release, for teams that ship TypeScript.",
    lang: "en",
    srcDir: "pages",
    outDir: "out",
    cleanUrls: false,
    // The build fails on a link that leads nowhere.
    ignoreDeadLinks: false,
    metaChunk: true,
    vite: { build: { chunkSizeWarningLimit: 2000 } },
    markdown: {
      anchor: { slugify: slugOf },
      languageAlias: { console: "shellsession", dotenv: "ini" },
      config: showBraces,
    },
    themeConfig: {
      nav: [
        { text: "Getting started", link: "/getting-started" },
        { text: "Guides", link: "/contents#guides" },
        { text: "Commands", link: "/commands" },
        { text: "On call", link: "/on-call" },
      ],
      sidebar: sidebarOf(docs),
      outline: { level: [2, 3] },
      search: { provider: "local" },
      docFooter: { prev: "Before", next: "Next" },
    },
  };
}
