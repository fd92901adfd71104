/** Values as TypeScript, on lines of the width that the house has. */
import { type Fragment, isFragment } from "../../core/model/fragment.ts";

const width = 100;

/** A value as a literal, broken at its commas if it does not fit on a line. */
export function literalOf(value: unknown, indent = ""): string {
  if (isFragment(value)) return fragment(value);
  if (typeof value === "string") return text(value);
  if (typeof value !== "object" || value === null) return String(value);
  const isList = Array.isArray(value);
  const parts = isList
    ? value.map((one) => literalOf(one, `${indent}  `))
    : Object.entries(value)
        .filter(([, one]) => one !== undefined)
        .map(([key, one]) => `${keyOf(key)}: ${literalOf(one, `${indent}  `)}`);
  if (parts.length === 0) return isList ? "[]" : "{}";
  const line = isList ? `[${parts.join(", ")}]` : `{ ${parts.join(", ")} }`;
  if (line.length + indent.length < width - 20 && !parts.some((part) => part.includes("\n")))
    return line;
  const [open, close] = isList ? "[]" : "{}";
  const lines = parts.map((part) => `${indent}  ${part},`).join("\n");
  return `${open}\n${lines}\n${indent}${close}`;
}

/** A call with its arguments, of which those that say nothing are left out. */
export function call(name: string, args: readonly unknown[], indent = ""): string {
  const given = args.filter(
    (one) =>
      one !== undefined && !(isPlain(one) && Object.values(one).every((x) => x === undefined)),
  );
  return `${name}(${given.map((one) => literalOf(one, indent)).join(", ")});`;
}

function isPlain(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function keyOf(key: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(key) ? key : JSON.stringify(key);
}

/** A text of several lines, or with quotes, is easier to read as a template. */
function text(value: string): string {
  return value.includes("\n") ? template(value) : JSON.stringify(value);
}

function fragment({ sql }: Fragment): string {
  return `sql${template(sql)}`;
}

function template(value: string): string {
  const escaped = value.replace(/[\\`]|\$(?=\{)/g, "\\$&");
  return `\`${escaped.replaceAll("\r", "\\r")}\``;
}
