/** What types of columns compile. TypeScript checks this file; nothing runs it. */
import { defineMigration } from "slipway";

declare module "slipway" {
  interface CustomTypes {
    mood: true;
  }
}

export default defineMigration({
  change(m) {
    m.createTable("posts", (t) => {
      t.column("a", "string");
      t.column("b", "string[]");
      t.column("c", "tsvector");
      t.column("d", "numeric(10, 2)");
      t.column("e", "varchar(40)[]");
      t.column("f", "public.post_status");
      t.column("g", '"post_status"');
      t.column("h", "mood");
      t.column("i", "timestamp(3) with time zone");
      // @ts-expect-error: a slip
      t.column("j", "strng");
      // @ts-expect-error: a type of your own that nobody has told of
      t.column("k", "post_status");
      // @ts-expect-error: of a list, too
      t.column("l", "strng[]");
    });
    m.alterTable("posts", (t) => {
      // @ts-expect-error: a slip
      t.add("title", "strng");
      // @ts-expect-error: a slip
      t.remove("title", { was: "strng" });
      // @ts-expect-error: a slip
      t.setType("title", "txt", { was: "string" });
    });
  },
});
