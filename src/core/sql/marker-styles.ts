/** How migration tools mark the parts of an SQL file: one entry for each way to write it. */
import type { Direction } from "../model/migration.ts";

/** The lines of one tool. They are matched without the white space around them. */
export type MarkerStyle = {
  /** Whose lines they are, for people. */
  readonly tool: string;
  /** Without it, the up part is what stands above the down line. */
  readonly up?: RegExp;
  readonly down: RegExp;
  /** Lines that mean nothing to Slipway, which finds the end of a statement by itself. */
  readonly ignored?: RegExp;
  /** A line, or a word behind a marker, that means `transaction=false`. */
  readonly noTransaction?: RegExp;
  /** Every line of the tool, so that one which is not read is refused. */
  readonly all?: RegExp;
  /** Whether settings of ours may stand behind a marker. Default: `false`. */
  readonly takesSettings?: true;
  /** Whether the tool reads a marker with spaces before it. Default: `false`. */
  readonly indented?: true;
};

// The pure mark on a call lets a bundler drop it when nothing reads its value.
export const markerStyles: readonly MarkerStyle[] = [
  {
    tool: "Slipway",
    up: /^--\s*migrate:up(?=\s|$)/,
    down: /^--\s*migrate:down(?=\s|$)/,
    takesSettings: true,
  },
  // goose reads its words in capitals and small letters alike, the others do not.
  /* @__PURE__ */ plusStyle("goose", "i"),
  /* @__PURE__ */ plusStyle("migrate"),
  /* @__PURE__ */ plusStyle("micrate"),
  {
    tool: "node-pg-migrate",
    up: /^--[\s-]*up\s+migration/i,
    down: /^--[\s-]*down\s+migration/i,
    indented: true,
  },
  { tool: "rambler", up: /^--\s*rambler\s+up$/, down: /^--\s*rambler\s+down$/ },
  { tool: "aerich", up: /^-- upgrade --$/, down: /^-- downgrade --$/ },
  { tool: "sqlite", up: /^-- +up$/i, down: /^-- +down$/i },
  {
    tool: "tern",
    down: /^-+ *create above *\/ *drop below *-*$/i,
    noTransaction: /^---- tern: disable-tx ----$/,
  },
  { tool: "MyBatis", down: /^-- *(\/\/)? *@UNDO$/i },
];

function plusStyle(word: string, flags = ""): MarkerStyle {
  const line = (rest: string) => new RegExp(`^--\\s*\\+${word}\\s+${rest}$`, flags);
  return {
    tool: word === "migrate" ? "sql-migrate" : word,
    up: line("Up(\\s+notransaction)?"),
    down: line("Down(\\s+notransaction)?"),
    ignored: line("Statement(Begin|End)"),
    noTransaction: line("(NO TRANSACTION|(Up|Down)\\s+notransaction)"),
    all: line(".*"),
  };
}

/** Whether words follow the marker, as in prose: `-- Down migration is not possible`. */
export function isProse(style: MarkerStyle, text: string): boolean {
  return style.tool === "node-pg-migrate" && !/migration\W*$/i.test(text);
}

/**
 * Whether a comment is made of nothing but words that mark a part, such as `-- migrate-down`. That is how a marker
 * looks that was mistyped, or that is of a tool which is not in the list.
 */
export function looksLikeMarker(comment: string): boolean {
  const words = comment.toLowerCase().match(/[a-z]+/g) ?? [];
  return words.some(isDirection) && words.every((word) => isDirection(word) || isBeside(word));
}

/** Whether a comment is a marker or a setting, of whatever tool, or may be meant as one. */
export function saysAnything(comment: string): boolean {
  return (
    /^--\s*(slipway:|postgres-migrations\s)/.test(comment) ||
    looksLikeMarker(comment) ||
    markerStyles.some((style) =>
      [style.up, style.down, style.noTransaction, style.all].some((line) => line?.test(comment)),
    )
  );
}

/** Whether a comment starts the part that goes up, and says no more. */
export function onlyStarts(comment: string): boolean {
  return /up$/i.test(comment) && markerStyles.some(({ up }) => up?.test(comment));
}

/** The direction that a marker starts, or `undefined` for one of another kind. */
export function directionOf(style: MarkerStyle, text: string): Direction | undefined {
  if (style.up?.test(text)) return "up";
  return style.down.test(text) ? "down" : undefined;
}

const isDirection = (word: string) =>
  /^(ups?|downs?|(up|down)grade|undo|revert|rollback|reverse|(for|back)wards?)$/.test(word);

const isBeside = (word: string) =>
  /^(migrat(es?|ions?)|goose|rambler|dbmate|slipway|section|part|script|sql|begin|start|end|statements?|no|(no)?transaction|true|false)$/.test(
    word,
  );
