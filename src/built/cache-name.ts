import { createHash } from "node:crypto";

/**
 * The file of V8's cache for a script. V8 compares only the length of the text, so the name
 * identifies the text; and the Node, because another Node cannot use the code.
 */
export function cacheName(
  script: { readonly name: string; readonly id: string },
  node: { readonly version: string; readonly platform: string; readonly arch: string },
): string {
  const { name, id } = script;
  return `${name.replace(/\.cjs$/, "")}-${id}-${node.version}-${node.platform}-${node.arch}.cache`;
}

/**
 * Whether the code of a file is kept. The code that runs migrations is compiled as they need it.
 */
export function isKept(name: string): boolean {
  return /^(?!migrations)[\w-]+\.cjs$/.test(name);
}

/** Tells one text of a file from another. */
export function codeId(code: string | Uint8Array): string {
  return createHash("sha256").update(code).digest("hex").slice(0, 12);
}
