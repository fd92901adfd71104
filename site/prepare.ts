/** Lays docs/ out for VitePress: links to files beside docs/ become pages of the site. */
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, extname, join, relative, resolve, sep } from "node:path";
import { markdownBelow } from "./pages.ts";

/** Pages outside of docs/, and where the site has them. */
const outside: Readonly<Record<string, string>> = {
  "README.md": "index.md",
  "CONTRIBUTING.md": "project/contributing.md",
  "CHANGELOG.md": "project/changelog.md",
  "bench/README.md": "project/bench.md",
};

/** Copies all pages from `root` into `to`, with every link as the site spells it. */
export function preparePages(root: string, to: string): void {
  rmSync(to, { recursive: true, force: true });
  cpSync(join(root, "docs"), to, { recursive: true, filter: (path) => !path.endsWith(".md") });
  const examples = new Set<string>();
  const write = (page: string, text: string) => {
    mkdirSync(dirname(join(to, page)), { recursive: true });
    writeFileSync(join(to, page), text);
  };
  const pages = [...markdownBelow(root, "docs"), ...Object.keys(outside)];
  for (const page of pages.filter((one) => one !== "README.md")) {
    const text = readFileSync(join(root, page), "utf8");
    write(siteOf(page), withLinks(root, page, text, examples));
  }
  for (const example of examples) write(`examples/${example}.md`, examplePage(root, example));
  cpSync(join(root, "site/index.md"), join(to, "index.md"));
}

/** Where the site has a page of the project. */
function siteOf(page: string): string {
  if (outside[page] !== undefined) return outside[page];
  const inside = relative("docs", page).split(sep).join("/");
  if (inside === "README.md") return "contents.md";
  return inside.replace(/\/README\.md$/, "/index.md");
}

/** The text with each link turned to where the site has its target; without it where the site has none. */
function withLinks(root: string, page: string, text: string, examples: Set<string>): string {
  const parts = text.split(/(^ *```[\s\S]*?^ *```$)/m);
  return parts.map((part, i) => (i % 2 === 1 ? part : linked(part))).join("");

  function linked(prose: string): string {
    return prose.replace(/\[([^\]]*)\]\(([^)\s]+)\)/g, (all, words: string, link: string) => {
      if (/^(https?:|mailto:|#)/.test(link)) return all;
      const [path = "", anchor] = link.split("#");
      const target = relative(root, resolve(root, dirname(page), path))
        .split(sep)
        .join("/");
      const [, example] = /^examples\/([^/]+)/.exec(target) ?? [];
      if (example !== undefined) examples.add(example);
      const there = example === undefined ? pageOf(root, target) : `examples/${example}.md`;
      if (there === undefined) return words;
      return `[${words}](/${there}${anchor === undefined ? "" : `#${anchor}`})`;
    });
  }
}

function pageOf(root: string, target: string): string | undefined {
  if (target.startsWith("docs/") && existsSync(join(root, target)))
    return target.endsWith(".md") ? siteOf(target) : target.slice("docs/".length);
  return outside[target];
}

/** A page with the files of an example, its README first. */
function examplePage(root: string, example: string): string {
  const folder = join(root, "examples", example);
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => !/(^|[\\/])(node_modules|_release|dist|\.[^\\/]+)([\\/]|$)|lock/.test(file))
    .filter((file) => statSync(join(folder, file)).isFile())
    .filter((file) => [".ts", ".mts", ".js", ".mjs", ".json", ".sql"].includes(extname(file)))
    .sort((a, b) => a.split(sep).length - b.split(sep).length || (a < b ? -1 : 1));
  const blocks = files.map((file) => {
    const text = readFileSync(join(folder, file), "utf8").trimEnd();
    const language = extname(file).slice(1).replace(/^m/, "");
    return `## ${file.split(sep).join("/")}\n\n\`\`\`${language}\n${text}\n\`\`\`\n`;
  });
  return `# Example: ${basename(folder)}\n\nThe files of \`examples/${example}\`.\n\n${blocks.join("\n")}`;
}
