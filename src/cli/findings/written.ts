/** The formats of `check --format`. A new one is one file and one line. */
import type { Findings } from "../../check/finding.ts";
import type { Scope } from "../../check/judged.ts";
import { findingsGithub } from "./github.ts";
import { findingsGitlab } from "./gitlab.ts";
import { findingsJunit } from "./junit.ts";
import { findingsMarkdown } from "./markdown.ts";
import { findingsSarif } from "./sarif.ts";
import { findingsText } from "./text.ts";

const writers = {
  text: findingsText,
  github: findingsGithub,
  gitlab: findingsGitlab,
  junit: findingsJunit,
  markdown: findingsMarkdown,
  sarif: findingsSarif,
} satisfies { readonly [format: string]: (found: Findings & Scope) => string };

export type Format = keyof typeof writers;

/** In the order of the help. */
export const formats = Object.keys(writers) as readonly Format[];

/** The findings, in one of the formats. */
export function written(found: Findings & Scope, format: Format): string {
  return writers[format](found);
}
