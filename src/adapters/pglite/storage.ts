/** Making and removing the folder of a database. */

import { existsSync } from "node:fs";
import { realpath, rm } from "node:fs/promises";
import type { Storage } from "../adapter.ts";
import { isDatabase, isOpen, openFolder } from "./database.ts";
import { lockFolder } from "./folder-lock.ts";

/** Makes and removes the folder; removes it only when a database is in it and nobody has it open. */
export function pgliteStorage(folder: () => string): Storage {
  return {
    create: async () => {
      if (isDatabase(folder())) return "already_there";
      const database = await openFolder(folder());
      await database.leave();
      return "created";
    },
    drop: async () => {
      if (!existsSync(folder())) return "already_gone";
      const path = await realpath(folder());
      if (!isDatabase(path)) throw new Error(`the folder ${path} is not a database of PGlite`);
      if (isOpen(path)) throw new Error(`the folder ${path} is in use by this process`);
      const unlock = await lockFolder(path);
      await rm(path, { recursive: true });
      await unlock();
      return "dropped";
    },
  };
}
