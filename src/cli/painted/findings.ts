/** Findings with colours, and the names of rules as links. */
import { pathToFileURL } from "node:url";
import { rulePage } from "../rule-page.ts";
import { paint } from "./paint.ts";
import { paintedSql } from "./sql.ts";

type Look = {
  /** Whether the terminal knows links. Default: `false`. */
  readonly links?: boolean;
};

/** The text of `check` in colour. Without colours and links it is the same text. */
export function paintedFindings(text: string, { links = false }: Look = {}): string {
  let isSafe = false;
  const lines = text.split("\n").map((line) => {
    const [, label = "", rest = ""] = /^( {2}(?:[a-z]+:)? +)(.*)$/.exec(line) ?? [];
    if (label.trim() !== "") isSafe = label.trim() === "safe:";
    if (line === "") isSafe = false;
    const finding = /^(\S.*:\d+) ([a-z][a-z0-9-]*)$/.exec(line);
    if (finding !== null) {
      const [, place = "", rule = ""] = finding;
      const name = paint("warning", rule);
      return `${paint("title", place)} ${links ? linked(name, rule) : name}`;
    }
    if (isStatement.test(line)) return `    ${paintedSql(line.slice(4))}`;
    if (label === "") return closing(line);
    return paint("label", label) + (isSafe ? paintedSql(rest) : rest);
  });
  return lines.join("\n");
}

const isStatement = /^ {4}\S/;

function closing(line: string): string {
  if (/^No findings\b/.test(line)) return paint("good", line);
  return /^\d+ findings? in\b/.test(line) ? paint("warning", line) : line;
}

/** https://gist.github.com/egmontkob/eb114294efbcd5adb1944c9f3cb5feda (hyperlinks in terminals) */
function linked(shown: string, rule: string): string {
  const page = rulePage(rule);
  if (page === undefined) return shown;
  return `\u001b]8;;${pathToFileURL(page).href}\u001b\\${shown}\u001b]8;;\u001b\\`;
}
