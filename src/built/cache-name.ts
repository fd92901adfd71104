import { createHash } from "node:crypto";

/**
 * The file of what V8 made of a script. V8 compares no more than the length of the text, so the name says which text
 * it was; and which Node, because the code of one is of no use to another.
 */
export function cacheName(
  script: { readonly name: string; readonly id: string },
  node: { readonly version: string; readonly platform: string; readonly arch: string },
): string {
  const { name, id } = script;
  return `${name.replace(/\.cjs$/, "")}-${id}-${node.version}-${node.platform}-${node.arch}.cache`;
}

/** Tells one text of a script from another. */
export function codeId(code: string | Uint8Array): string {
  return createHash("sha256").update(code).digest("hex").slice(0, 12);
}
