/** Making and removing the file of a database. */
import { existsSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { Storage } from "../adapter.ts";

/** An empty file is an empty database. The folder is made too, but never removed. */
export function fileStorage(path: () => string): Storage {
  return {
    create: async () => {
      if (existsSync(path())) return "already_there";
      await mkdir(dirname(path()), { recursive: true });
      await writeFile(path(), "", { flag: "wx" });
      return "created";
    },
    drop: async () => {
      if (!existsSync(path())) return "already_gone";
      // SQLite keeps these files beside the database. https://www.sqlite.org/tempfiles.html
      for (const ending of ["-journal", "-wal", "-shm", ""])
        await rm(path() + ending, { force: true });
      return "dropped";
    },
  };
}
