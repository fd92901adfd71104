import type { ForeignHistory } from "./foreign-history.ts";
import { timeOf } from "./key.ts";

/** Django: the app and the name of the module. A squash stands beside what it replaced. */
export const django: ForeignHistory = {
  tool: "django",
  label: "Django",
  table: { name: "django_migrations", has: ["id", "app", "name", "applied"] },
  columns: ["app", "name", "applied"],
  order: ["id"],
  says: ({ app, name, applied }) =>
    name === undefined
      ? undefined
      : { key: `${app ?? ""}.${name}`, state: "applied", appliedAt: timeOf(applied) },
  keys: ({ stem }) => [stem],
};
