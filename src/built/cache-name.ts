/** V8's code of one Node is of no use to another. */
export function cacheName(): string {
  return `main-${process.version}-${process.platform}-${process.arch}.cache`;
}
