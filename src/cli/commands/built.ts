/** The commands of a built release. Those in this list exist only there. */
import type { CommandEntry } from "../command.ts";
import { commands } from "./index.ts";

// biome-ignore format: one line each
export const builtCommands: readonly CommandEntry[] = [
  ...commands,
  { name: "start", words: "start the app", passThrough: true, load: async () => (await import("./start.ts")).start },
  { name: "eval", words: "evaluate an expression, with the app loaded and not started", passThrough: true, load: async () => (await import("./eval.ts")).evalCommand },
  { name: "rpc", words: "evaluate an expression in the running app", passThrough: true, load: async () => (await import("./rpc.ts")).rpc },
  { name: "stop", words: "stop the running app", load: async () => (await import("./stop.ts")).stop },
  { name: "pid", words: "show the process id of the running app", load: async () => (await import("./pid.ts")).pid },
];
