/** Colours of texts that go to a terminal. Whoever prints has decided already that there are to be some. */
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

/** The text in the colour of what it is. Nothing is asked of stdout, which may not be where it goes. */
export function paint(role: Role, text: string): string {
  return text === "" ? "" : styleText(styles[role], text, { validateStream: false });
}
