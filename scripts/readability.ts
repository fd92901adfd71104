/**
 * How easily pages read: `node scripts/readability.ts [--at COMMIT] [PAGE…]`.
 * Flesch reading ease (higher is easier; 60 is plain English), words in a sentence, sentences in the passive.
 * Only paragraphs and lists count: no code, no tables, no headings. A word in code counts as one syllable.
 */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";

type Node = {
  readonly type: string;
  readonly value?: string;
  readonly children?: readonly Node[];
  readonly position?: {
    readonly start: { readonly offset: number };
    readonly end: { readonly offset: number };
  };
};
type Message = { readonly place: { readonly start: { readonly offset: number } } };
type Processor = {
  use(plugin: unknown): Processor;
  parse(text: string): Node;
  process(text: string): Promise<{ readonly messages: readonly Message[] }>;
};
type Counts = { readonly sentence: number; readonly word: number; readonly syllable: number };

const root = resolve(import.meta.dirname, "..");
const packages = join(root, "test/.tmp/site/node_modules");
if (!existsSync(join(packages, "retext-passive"))) {
  console.error("its packages are not here: npm run docs:site -- --install");
  process.exit(1);
}
const { unified } = await installed<{ unified: () => Processor }>("unified");
const { default: remarkParse } = await installed<{ default: unknown }>("remark-parse");
const { default: remarkGfm } = await installed<{ default: unknown }>("remark-gfm");
const { default: retextEnglish } = await installed<{ default: unknown }>("retext-english");
const { default: retextPassive } = await installed<{ default: unknown }>("retext-passive");
const { default: retextStringify } = await installed<{ default: unknown }>("retext-stringify");
const { flesch } = await installed<{ flesch: (counts: Counts) => number }>("flesch");
const { syllable } = await installed<{ syllable: (word: string) => number }>("syllable");

async function installed<Module>(name: string): Promise<Module> {
  const { exports, main } = JSON.parse(readFileSync(join(packages, name, "package.json"), "utf8"));
  const file = typeof exports === "string" ? exports : (exports?.["."] ?? main ?? "index.js");
  return import(pathToFileURL(join(packages, name, file)).href);
}

const { values, positionals } = parseArgs({
  options: { at: { type: "string" } },
  allowPositionals: true,
});
const pages =
  positionals.length > 0
    ? positionals
    : execFileSync("git", ["ls-files", "README.md", "docs/*.md", "docs/guides/*.md"], {
        cwd: root,
        encoding: "utf8",
      })
        .trim()
        .split("\n");

console.log(
  "| page | Flesch | words a sentence | sentences | passive |\n|---|---:|---:|---:|---:|",
);
for (const page of pages) {
  const text = textOf(page);
  if (text === undefined) continue;
  const figures = await figuresOf(text);
  console.log(`| ${page} | ${figures.join(" | ")} |`);
}

function textOf(page: string): string | undefined {
  if (values.at === undefined) return readFileSync(resolve(page), "utf8");
  try {
    return execFileSync("git", ["show", `${values.at}:${page}`], {
      ...{ cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] },
      maxBuffer: 1e8,
    });
  } catch {
    return undefined;
  }
}

async function figuresOf(markdown: string): Promise<readonly string[]> {
  const prose = proseOf(unified().use(remarkParse).use(remarkGfm).parse(markdown)).join("\n\n");
  const sentences = nodesOf(unified().use(retextEnglish).parse(prose), "SentenceNode");
  const words = sentences.flatMap((sentence) => nodesOf(sentence, "WordNode"));
  const syllables = words.map((word) => Math.max(1, syllable(lettersOf(word))));
  const { messages } = await unified()
    .use(retextEnglish)
    .use(retextPassive)
    .use(retextStringify)
    .process(prose);
  const passive = sentences.filter(({ position }) =>
    messages.some(
      ({ place }) =>
        position !== undefined &&
        place.start.offset >= position.start.offset &&
        place.start.offset < position.end.offset,
    ),
  );
  const counts = {
    sentence: sentences.length,
    word: words.length,
    syllable: syllables.reduce((sum, one) => sum + one, 0),
  };
  const share = Math.round((100 * passive.length) / Math.max(1, sentences.length));
  return [
    flesch(counts).toFixed(0),
    (counts.word / Math.max(1, counts.sentence)).toFixed(1),
    String(counts.sentence),
    `${passive.length} (${share}%)`,
  ];
}

/** The text of each paragraph, with a word of one syllable for a piece of code. */
function proseOf(node: Node): readonly string[] {
  if (node.type === "paragraph") return [spoken(node)];
  if (node.type === "table") return [];
  return (node.children ?? []).flatMap(proseOf);
}

function spoken(node: Node): string {
  if (node.type === "inlineCode") return "code";
  return node.value ?? (node.children ?? []).map(spoken).join("");
}

function nodesOf(node: Node, type: string): readonly Node[] {
  if (node.type === type) return [node];
  return (node.children ?? []).flatMap((child) => nodesOf(child, type));
}

function lettersOf(node: Node): string {
  return node.value ?? (node.children ?? []).map(lettersOf).join("");
}
