/** Colours of texts for a terminal. The caller has decided already that the text gets colours. */
import { styleText } from "node:util";

/** The role of a part of a text. */
export type Role =
  | "title"
  | "name"
  | "warning"
  | "failure"
  | "good"
  | "label"
  | "keyword"
  | "literal"
  | "quiet";

const styles = {
  title: "bold",
  name: "cyan",
  warning: "yellow",
  failure: "red",
  good: "green",
  label: "dim",
  keyword: "blue",
  literal: "green",
  quiet: "dim",
} as const satisfies { readonly [Each in Role]: Parameters<typeof styleText>[0] };

/**
 * The text in the colour of its role. It does not ask stdout, because the text may go elsewhere.
 */
export function paint(role: Role, text: string): string {
  return text === "" ? "" : styleText(styles[role], text, { validateStream: false });
}
