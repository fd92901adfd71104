/** The pages of docs/ as data: their headings, their links, and the five parts of the index. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";

/** The name of a heading in a link, as code hosts spell it. */
export function slugOf(heading: string): string {
  return heading
    .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .replace(/\s/g, "-");
}

/** A text without its blocks of code: what stands in those is no link and no heading. */
export function withoutCode(text: string): string {
  return text.replace(/^( *)(```+)[\s\S]*?^\1\2$/gm, "");
}

/** The anchors of a page; the second heading of a name ends in `-1`. */
export function anchorsOf(text: string): ReadonlySet<string> {
  const seen = new Map<string, number>();
  const anchors = new Set<string>();
  for (const [, heading = ""] of withoutCode(text).matchAll(/^#{1,6} (.+)$/gm)) {
    const slug = slugOf(heading);
    const times = seen.get(slug) ?? 0;
    seen.set(slug, times + 1);
    anchors.add(times === 0 ? slug : `${slug}-${times}`);
  }
  for (const [, id = ""] of text.matchAll(/<a (?:id|name)="([^"]+)"/g)) anchors.add(id);
  return anchors;
}

/** All Markdown below a folder, as paths from `root`. */
export function markdownBelow(root: string, folder: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".md"))
    .map((path) => join(folder, path))
    .sort();
}

/** Links of a page that lead nowhere, each in words. */
export function deadLinks(root: string, page: string): readonly string[] {
  const text = readFileSync(join(root, page), "utf8");
  return linksOf(text).flatMap((link) => {
    const [path = "", anchor] = link.split("#");
    const from = path.startsWith("/") ? root : resolve(root, dirname(page));
    const target = path === "" ? join(root, page) : join(from, path);
    if (!existsSync(target)) return [`${page}: ${link} is no file`];
    if (anchor === undefined || statSync(target).isDirectory() || !target.endsWith(".md"))
      return [];
    if (anchorsOf(readFileSync(target, "utf8")).has(anchor)) return [];
    return [`${page}: ${relative(root, target)} has no heading #${anchor}`];
  });
}

/** Links to other files of the project, and to headings, in the order of the page. */
export function linksOf(text: string): readonly string[] {
  return [...withoutCode(text).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, link = ""]) => link)
    .filter((link) => !/^(https?:|mailto:)/.test(link));
}

/** One part of the index with the pages that it names. */
export type Part = {
  readonly title: string;
  readonly pages: readonly { readonly text: string; readonly page: string }[];
};

/** The parts of docs/README.md: a heading, then links. */
export function partsOf(index: string): readonly Part[] {
  return index
    .split(/^## /m)
    .slice(1)
    .map((section) => ({
      title: section.split("\n", 1)[0] ?? "",
      pages: [...section.matchAll(/^\|[^|]*\|/gm)].flatMap(([cell]) =>
        [...cell.matchAll(/\[([^\]]+)\]\(([^)#]+\.md)\)/g)].map(([, text = "", page = ""]) => ({
          text,
          page,
        })),
      ),
    }));
}
