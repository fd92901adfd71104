/** How errors and warnings are shown: lines, hints in the words of where they are read. */
import { expect, it } from "vitest";
import { asTyped } from "../../src/cli/as-typed.ts";
import { commands } from "../../src/cli/commands/index.ts";
import { failureText } from "../../src/cli/failure.ts";
import { type Door, main } from "../../src/cli/main.ts";
import { answerIn } from "../../src/core/model/errors/safety.ts";
import { ReleaseError } from "../../src/core/model/errors.ts";
import { warning } from "../../src/core/model/warnings.ts";
import { terminal } from "../../src/reporters/terminal.ts";

const finding = (line: number) => ({
  origin: "db/main/migrations/1_drop.ts",
  line,
  rule: "drop-column",
  message: "code that runs now may read it",
});
const unsafe = new ReleaseError("unsafe", { repo: "main", findings: [finding(3), finding(4)] });

it("an error keeps its lines on a terminal, and is one line for a log", () => {
  expect(failureText(unsafe, { styled: false, debug: false, lines: true })).toBe(
    `error: repo main: nothing was run, because it is not safe beside a running application:
  db/main/migrations/1_drop.ts:3 drop-column: code that runs now may read it
  db/main/migrations/1_drop.ts:4 drop-column: code that runs now may read it
hint: Run slipway check to see the safe forms. If you mean it as it is, answer: safe: { "drop-column": "why it is safe here" }.
`,
  );
  const [line, hint, end] = failureText(unsafe, { styled: false, debug: false }).split("\n");
  expect(line).toContain("read it db/main/migrations/1_drop.ts:4 drop-column");
  expect([hint?.slice(0, 5), end]).toEqual(["hint:", ""]);
});

it("what would move the cursor is shown also where lines are kept", () => {
  const nasty = new Error("one\n\u001b[2Jtwo");
  expect(failureText(nasty, { styled: false, debug: false, lines: true })).not.toContain("\u001b");
});

it("a command shows lines where somebody watches", async () => {
  const told: string[] = [];
  const door = (watched: boolean): Door => ({
    commands: [
      {
        name: "x",
        words: "",
        load: async () => ({ flags: {}, run: () => Promise.reject(unsafe) }),
      },
    ],
    slipway: "1",
    release: () => Promise.reject(unsafe),
    world: { watched, styled: false, tell: (text) => told.push(text) },
  });
  expect(await main(["x"], door(true))).toBe(4);
  expect(told.join("").split("\n")).toHaveLength(5);
  told.length = 0;
  await main(["x"], door(false));
  expect(told.join("").split("\n")).toHaveLength(3);
});

it.each([
  ["db/1_x.ts", 'safe: { "drop-column": "why it is safe here" }'],
  ["db/1_x.mjs", 'safe: { "drop-column": "why it is safe here" }'],
  ["db/1_x.sql", '-- slipway: safe drop-column "why it is safe here"'],
])("an answer is in the language of %s", (file, answer) => {
  expect(answerIn(file, "drop-column")).toBe(answer);
});

it("a hint in a release names what is typed there", () => {
  const door = { name: "bin/my_app", commands };
  expect(
    asTyped(
      "Say: slipway mark main 1 done, or slipway backfill resume 2; see slipway check.",
      door,
    ),
  ).toBe("Say: bin/my_app mark main 1 done, or bin/my_app backfill resume 2; see slipway check.");
  expect(asTyped("/* slipway blocked */ slipway marker", door)).toBe(
    "/* slipway blocked */ slipway marker",
  );
});

it("a command of a release gives such hints, on the terminal and as JSON", async () => {
  const failure = new ReleaseError("statement_interrupted", {
    repo: "main",
    version: "1",
    name: "x",
    operation: "y",
  });
  const written: string[] = [];
  const door: Door = {
    commands,
    slipway: "1",
    name: "bin/my_app",
    built: true,
    release: () => Promise.reject(failure),
    world: {
      write: (text) => written.push(text),
      tell: (text) => written.push(text),
      styled: false,
    },
  };
  await main(["status"], door);
  expect(written.join("")).toContain("bin/my_app mark main 1 done");
  expect(written.join("")).not.toContain("slipway mark");
  written.length = 0;
  await main(["status", "--json"], door);
  expect(JSON.parse(written.join("")).error.hint).toContain("bin/my_app mark main 1 done");
});

it("an environment variable that is not set is looked for in .env in development only", async () => {
  const missing = new ReleaseError("env_missing", { variable: "DATABASE_URL" });
  const told: string[] = [];
  const door = (built: boolean): Door => ({
    commands,
    slipway: "1",
    built,
    release: () => Promise.reject(missing),
    world: { tell: (text) => told.push(text), styled: false },
  });
  await main(["status"], door(false));
  expect(told.join("")).toContain("a line in .env does it too");
  told.length = 0;
  await main(["status"], door(true));
  expect(told.join("")).not.toContain(".env");
});

it("a warning names its repo once", () => {
  const told: string[] = [];
  const emit = terminal({ write: (text) => told.push(text) });
  const refused = warning("would_be_refused", {
    error: "unsafe",
    reason: "repo main: nothing was run, because it is not safe",
    hint: "",
    details: {},
  });
  emit({ type: "warning", repo: "main", ...refused });
  emit({ type: "warning", repo: "main", ...warning("not_judged", {}) });
  const [first, second] = told.join("").split("\n");
  expect(first).toBe("warning: repo main: nothing was run, because it is not safe");
  expect(second).toMatch(/^warning: repo main: /);
});
