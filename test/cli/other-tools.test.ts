/** The words of other tools: each is named in ours, or nothing is offered, and never what destroys. */
import { expect, it } from "vitest";
import { developmentCommands } from "../../src/cli/commands/development.ts";
import { type Door, main } from "../../src/cli/main.ts";

/** Ours, then theirs. */
const named: { readonly [ours: string]: string } = {
  migrate:
    "up,deploy,apply,latest,update,upgrade head,up-to 5,up-by-one,migrate deploy,migrate dev,migrate apply,migrate run,migrate latest,migrate up,migrate:latest,migrate:up,migration:run,migration:up,migration run,db:migrate,db:migrate:up,ecto.migrate",
  rollback:
    "down,undo,revert,downgrade -1,down-to 3,migrate down,migrate revert,migrate:rollback,migrate:down,migration:revert,migration:down,migration revert,db:rollback,db:migrate:undo,db:migrate:undo:all,db:migrate:down,ecto.rollback",
  status:
    "info,list,current,heads,pending,executed,migrations,showmigrations,migrate status,migrate info,migrate:list,migrate:currentVersion,migration:show,migration list,db:migrate:status,db:version,ecto.migrations",
  "gen migration":
    "new posts,generate,make posts,revision,add posts,makemigrations,make:migration posts,create add_posts sql,migrate new x,migrate add x,migrate:make x,migration:create,migration:generate,migration generate x,ecto.gen.migration x",
  "gen baseline": "introspect,pull,db pull,generate-changelog",
  baseline: "stamp head,changelog-sync",
  mark: "repair,resolve,force 3,migrate resolve",
  verify: "validate",
  check: "lint,migrate lint",
  plan: "sqlmigrate app 1",
  history: "log",
  dump: "db:schema:dump,db:structure:dump,schema:dump,schema inspect,ecto.dump",
  load: "db:schema:load,db:structure:load,ecto.load",
  seed: "db:seed,db:seed:all,seed:run,db seed",
  setup: "db:setup,db:prepare,ecto.setup,database setup",
  create: "db:create,ecto.create,database create",
  "gen release": "ecto.gen.repo",
  // What does the same there, under a name that says so, and asks here before it begins.
  redo: "migrate redo,migrate:redo,db:migrate:redo,migration redo",
  reset: "db:reset,ecto.reset,migrate reset",
};

/** What empties a database there, and what is like nothing here. */
const unnamed =
  "clean,drop-all,db:drop,db:wipe,ecto.drop,schema:drop,database drop,database reset,migrate:fresh,migrate:reset,migrate:refresh,migration:fresh,schema:sync,schema:update,schema apply,push,db push,studio,tag,fix,rework x,squashmigrations,migrate:unlock,seed:make x,drpo,droop,rest,rset".split(
    ",",
  );

async function hintOf(typed: string): Promise<string> {
  const told: string[] = [];
  const door: Door = {
    commands: developmentCommands,
    slipway: "1",
    release: () => Promise.reject(new Error("no release is needed")),
    world: { watched: false, styled: false, tell: (text) => told.push(text) },
  };
  expect(await main(typed.split(" "), door)).toBe(2);
  return /^hint: (.*)$/m.exec(told.join(""))?.[1] ?? "";
}

const cases = Object.entries(named).flatMap(([ours, theirs]) =>
  theirs.split(",").map((one) => [one, ours] as const),
);

it("knows more than a hundred words", () => {
  expect(cases.length).toBeGreaterThan(100);
});

it.each(cases)("%s is %s", async (theirs, ours) => {
  expect(await hintOf(theirs)).toBe(`That is slipway ${ours} here.`);
});

it.each(unnamed)("%s leads nowhere that destroys", async (theirs) => {
  const destroys = developmentCommands.filter((one) => one.destroys).map(({ name }) => name);
  expect(destroys).toEqual(expect.arrayContaining(["drop", "reset", "redo"]));
  const hint = await hintOf(theirs);
  expect(hint).not.toMatch(/^That is/);
  for (const name of destroys) expect(hint).not.toMatch(new RegExp(`\\b${name}\\b`));
});
