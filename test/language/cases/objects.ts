import { type Chapter, sqlServers } from "./operation-case.ts";
import { posts } from "./setups.ts";

export const objects: Chapter = {
  title: "Schemas, extensions, enums, sequences, views",
  file: "objects.ts",
  cases: [
    {
      name: "Create a schema",
      on: sqlServers,
      change(m) {
        m.createSchema("billing");
        m.createSchema("crm", { ifNotExists: true });
      },
    },
    {
      name: "Drop a schema",
      on: sqlServers,
      setup(m) {
        m.createSchema("billing");
        m.createSchema("crm");
      },
      change(m) {
        m.dropSchema("billing");
        m.dropSchema("crm", { ifExists: true });
      },
    },
    {
      name: "Drop a schema and everything in it",
      on: ["postgres"],
      setup(m) {
        m.createSchema("billing");
        m.createTable("invoices", (t) => t.id(), { prefix: "billing" });
      },
      up(m) {
        m.dropSchema("billing", { cascade: true });
      },
      down(m) {
        m.createSchema("billing");
        m.createTable("invoices", (t) => t.id(), { prefix: "billing" });
      },
    },
    {
      name: "Install an extension",
      on: ["postgres"],
      except: { pglite: "it is opened without that extension" },
      setup: (m) => m.createSchema("tools"),
      change(m) {
        m.createExtension("citext", { schema: "tools", version: "1.6", ifNotExists: true });
      },
    },
    {
      name: "Remove an extension",
      on: ["postgres"],
      except: { pglite: "it is opened without that extension" },
      setup(m) {
        m.createSchema("tools");
        m.createExtension("citext", { schema: "tools", version: "1.6" });
      },
      change(m) {
        m.dropExtension("citext", { ifExists: true, was: { schema: "tools", version: "1.6" } });
      },
    },
    {
      name: "Remove an extension and everything that uses it",
      on: ["postgres"],
      except: { pglite: "it is opened without that extension" },
      setup(m) {
        m.createExtension("citext");
        m.createTable("users", (t) => t.column("email", "citext"));
      },
      up(m) {
        m.dropExtension("citext", { cascade: true });
      },
      down(m) {
        m.createExtension("citext");
        m.alterTable("users", (t) => t.add("email", "citext"));
      },
    },
    {
      name: "Update an extension",
      on: ["postgres"],
      except: {
        pglite: "it is opened without that extension",
        postgres: "rolled back, the new version stays",
      },
      setup: (m) => m.createExtension("citext", { version: "1.5" }),
      change(m) {
        m.updateExtension("citext", { to: "1.6", down: "keep" });
      },
    },
    {
      name: "Update an extension that has a script for the way back",
      on: ["postgres"],
      except: {
        pglite: "it is opened without that extension",
        postgres: "none of its extensions has such a script",
      },
      setup: (m) => m.createExtension("address_standardizer", { version: "3.3.2" }),
      change(m) {
        m.updateExtension("address_standardizer", { to: "3.3.2next", was: "3.3.2" });
      },
    },
    {
      name: "Update an extension, and make it again going down",
      on: ["postgres"],
      except: { pglite: "it is opened without that extension" },
      setup: (m) => m.createExtension("citext", { version: "1.5" }),
      up(m) {
        m.updateExtension("citext", { to: "1.6" });
      },
      down(m) {
        m.dropExtension("citext");
        m.createExtension("citext", { version: "1.5" });
      },
    },
    {
      name: "Create an enum",
      on: ["postgres"],
      change(m) {
        m.createEnum("mood", ["sad", "happy"]);
        m.createTable("people", (t) => t.column("feels", "mood", { default: "sad" }));
      },
    },
    {
      name: "Drop an enum",
      on: ["postgres"],
      setup: (m) => m.createEnum("mood", ["sad", "happy"]),
      change(m) {
        m.dropEnum("mood", { ifExists: true, was: ["sad", "happy"] });
      },
    },
    {
      name: "Add a value to an enum",
      note: "PostgreSQL cannot remove a value, so you write `down` yourself, even if it does nothing.",
      on: ["postgres"],
      setup: (m) => m.createEnum("mood", ["sad", "happy"]),
      up(m) {
        m.addEnumValue("mood", "fine", { after: "sad" });
        m.addEnumValue("mood", "awful", { before: "sad", ifNotExists: true });
      },
      down(m) {
        m.dropEnum("mood");
        m.createEnum("mood", ["sad", "happy"]);
      },
    },
    {
      name: "Rename a value of an enum",
      on: ["postgres"],
      setup: (m) => m.createEnum("mood", ["sad", "happy"]),
      change(m) {
        m.renameEnumValue("mood", "sad", { to: "blue" });
      },
    },
    {
      name: "Create a sequence",
      on: ["postgres", "mariadb"],
      change(m) {
        m.createSequence("invoice_numbers", {
          startValue: 100,
          increment: 10,
          minValue: 100,
          maxValue: 9000,
          cache: 5,
          cycle: true,
        });
      },
    },
    {
      name: "A sequence that belongs to a column",
      on: ["postgres"],
      setup: posts,
      change(m) {
        m.createSequence("post_numbers", {
          type: "integer",
          ownedBy: "posts.id",
          ifNotExists: true,
        });
      },
    },
    {
      name: "Drop a sequence",
      on: ["postgres", "mariadb"],
      setup: (m) => m.createSequence("numbers", { startValue: 5 }),
      change(m) {
        m.dropSequence("numbers", { ifExists: true, was: { startValue: 5 } });
      },
    },
    {
      name: "Create a view",
      setup: posts,
      change(m) {
        m.createView("titles", { as: "SELECT title FROM posts", columns: ["headline"] });
      },
    },
    {
      name: "Replace a view",
      setup(m) {
        posts(m);
        m.createView("titles", { as: "SELECT title FROM posts" });
      },
      change(m) {
        m.createView(
          "titles",
          { as: "SELECT title FROM posts WHERE id > 9" },
          { orReplace: true, was: { as: "SELECT title FROM posts" } },
        );
      },
    },
    {
      name: "Drop a view",
      setup(m) {
        posts(m);
        m.createView("titles", { as: "SELECT title FROM posts" });
      },
      change(m) {
        m.dropView("titles", { ifExists: true, was: { as: "SELECT title FROM posts" } });
      },
    },
    {
      name: "Drop a view and everything that depends on it",
      on: ["postgres"],
      setup(m) {
        posts(m);
        m.createView("titles", { as: "SELECT title FROM posts" });
        m.createView("long_titles", { as: "SELECT title FROM titles" });
      },
      up(m) {
        m.dropView("titles", { cascade: true });
      },
      down(m) {
        m.createView("titles", { as: "SELECT title FROM posts" });
        m.createView("long_titles", { as: "SELECT title FROM titles" });
      },
    },
    {
      name: "Materialized views",
      on: ["postgres"],
      setup(m) {
        posts(m);
        m.createView("counts", { as: "SELECT count(*) FROM posts" }, { materialized: true });
      },
      change(m) {
        m.createView(
          "titles",
          { as: "SELECT title FROM posts", withData: false },
          { materialized: true },
        );
        m.dropView("counts", { materialized: true, was: { as: "SELECT count(*) FROM posts" } });
      },
    },
  ],
};
