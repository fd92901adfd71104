/** The commands of a built release. Those that are listed here are nowhere else. */
import type { CommandEntry } from "../command.ts";
import { commands } from "./index.ts";

export const builtCommands: readonly CommandEntry[] = [...commands];
