import { DatabaseSync } from "node:sqlite";
import { Injectable, type OnApplicationShutdown } from "@nestjs/common";
import { env } from "slipway";

export type Note = { readonly id: number; readonly body: string; readonly pinned: number };

@Injectable()
export class NotesService implements OnApplicationShutdown {
  readonly #database = new DatabaseSync(env("DATABASE_PATH"));

  all(): readonly Note[] {
    return this.#database
      .prepare("SELECT id, body, pinned FROM notes ORDER BY pinned DESC, id")
      .all() as Note[];
  }

  onApplicationShutdown(): void {
    this.#database.close();
  }
}
