/** Stack traces name the lines of the sources. The source maps are read when there is a trace to make, and not before. */
import type { SourceMap } from "node:module";
import { pathToFileURL } from "node:url";
import type { Store } from "./store.ts";

/** Makes every trace of this process from here on. Node's own `--enable-source-maps` would read the maps at the start. */
export function mapTraces(store: Pick<Store, "lib" | "read">): void {
  const maps = new Map<string, SourceMap | undefined>();
  const mapOf = (name: string) => {
    if (!maps.has(name)) maps.set(name, readMap(store, name));
    return maps.get(name);
  };
  // A module is named by its URL, which writes a space in another way.
  const folders = [pathToFileURL(store.lib).href, store.lib].map(escaped).join("|");
  const place = new RegExp(`(?:${folders})/([^\\s():]+\\.[cm]js):(\\d+):(\\d+)`, "g");
  Error.prepareStackTrace = (error, frames) => {
    const lines = [headOf(error), ...frames.map((frame) => `    at ${frame}`)];
    return lines.join("\n").replace(place, (text, name: string, line: string, column: string) => {
      const found = mapOf(name)?.findEntry(Number(line) - 1, Number(column) - 1);
      if (found === undefined || !("originalSource" in found)) return text;
      return `${found.originalSource}:${found.originalLine + 1}:${found.originalColumn + 1}`;
    });
  };
}

function readMap({ read }: Pick<Store, "read">, name: string): SourceMap | undefined {
  try {
    const { SourceMap } = process.getBuiltinModule("node:module");
    return new SourceMap(JSON.parse(read(`${name}.map`).toString("utf8")));
  } catch {
    // Without its map a trace is still a trace.
    return undefined;
  }
}

function headOf(error: unknown): string {
  try {
    return Error.prototype.toString.call(error);
  } catch {
    return "Error";
  }
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}
