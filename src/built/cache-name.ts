/**
 * The file of what V8 made of `main.cjs`. V8 compares no more than the length of the text, so the name says which text
 * it was; and which Node, because the code of one is of no use to another.
 */
export function cacheName(
  mainId: string,
  node: { readonly version: string; readonly platform: string; readonly arch: string },
): string {
  return `main-${mainId}-${node.version}-${node.platform}-${node.arch}.cache`;
}
