import { rmSync } from "node:fs";
import { resolve } from "node:path";

/** Where Node keeps what it compiled for the programs that tests start; they inherit it as `NODE_COMPILE_CACHE`. */
export const compileCache = resolve(
  import.meta.dirname,
  "../../node_modules/.cache/slipway-tests/compile-cache",
);

/** To be called at the end of a run: programs in temporary folders would fill it for ever. */
export function removeCompileCache(): void {
  rmSync(compileCache, { recursive: true, force: true });
}
