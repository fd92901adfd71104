/** Replaces a view by another of the same name. */
import type { SqliteDatabase } from "../driver.ts";
import { quote } from "../quote.ts";
import { atomically } from "./atomically.ts";
import { attachments } from "./catalog.ts";
import type { SqliteProcedureInputs } from "./procedure.ts";

/** Keeps the view's INSTEAD OF triggers. */
export function replaceView(
  db: SqliteDatabase,
  { view, sql }: SqliteProcedureInputs["replace_view"],
): void {
  atomically(db, () => {
    const triggers = attachments(db, view);
    db.exec(`DROP VIEW IF EXISTS main.${quote(view)}`);
    db.exec(sql);
    for (const trigger of triggers) db.exec(trigger.sql);
  });
}
