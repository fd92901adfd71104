/** What the commands of other tools are called here. */

/** Several words are told apart by blanks: `migrate deploy`. */
const theirs: { readonly [words: string]: string } = {
  apply: "migrate",
  "db:create": "create",
  "db:migrate": "migrate",
  "db:migrate:status": "status",
  "db:migrate:undo": "rollback",
  "db:migrate:redo": "redo",
  "db:prepare": "setup",
  "db:reset": "reset",
  "db:rollback": "rollback",
  "db:seed": "seed",
  "db:setup": "setup",
  deploy: "migrate",
  down: "rollback",
  "ecto.create": "create",
  "ecto.gen.migration": "gen migration",
  "ecto.migrate": "migrate",
  "ecto.migrations": "status",
  "ecto.reset": "reset",
  "ecto.rollback": "rollback",
  "ecto.setup": "setup",
  generate: "gen migration",
  info: "status",
  latest: "migrate",
  lint: "check",
  list: "status",
  make: "gen migration",
  "migrate deploy": "migrate",
  "migrate dev": "migrate",
  "migrate down": "rollback",
  "migrate latest": "migrate",
  "migrate make": "gen migration",
  "migrate redo": "redo",
  "migrate reset": "reset",
  "migrate status": "status",
  "migrate up": "migrate",
  "migrate:down": "rollback",
  "migrate:latest": "migrate",
  "migrate:redo": "redo",
  "migrate:list": "status",
  "migrate:make": "gen migration",
  "migrate:rollback": "rollback",
  "migrate:status": "status",
  "migrate:up": "migrate",
  "migration:create": "gen migration",
  "migration:generate": "gen migration",
  "migration:revert": "rollback",
  "migration:run": "migrate",
  "migration:show": "status",
  migrations: "status",
  new: "gen migration",
  repair: "mark",
  revert: "rollback",
  resolve: "mark",
  undo: "rollback",
  up: "migrate",
  validate: "verify",
};

/** Our command for what somebody typed who comes from another tool, when it is among those that there are. */
export function commandOfOtherTool(
  argv: readonly string[],
  known: readonly string[],
): string | undefined {
  const [first = "", second = ""] = argv;
  return [`${first} ${second}`, first]
    .map((words) => (Object.hasOwn(theirs, words) ? theirs[words] : undefined))
    .find((ours) => ours !== undefined && known.includes(ours));
}
