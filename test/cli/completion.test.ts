/** Completion, in the shells themselves. */
import { execFileSync, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { developmentCommands } from "../../src/cli/commands/development.ts";
import { debianProgram } from "../support/debian.ts";
import { makeProject, type Project } from "./project.ts";

let project: Project;

beforeAll(async () => {
  project = makeProject();
  for (const shell of ["bash", "zsh", "fish"]) {
    const { code, stdout } = await project.run(["completion", shell]);
    expect(code).toBe(0);
    writeFileSync(join(project.folder, `slipway.${shell}`), stdout);
  }
});

afterAll(() => project.remove());

const firsts = [...new Set(developmentCommands.map(({ name }) => name.split(" ")[0]!))];
const ofGen = developmentCommands.flatMap(({ name }) => /^gen (.+)/.exec(name)?.slice(1) ?? []);

const bash = (...words: readonly string[]) => {
  const script = `source slipway.bash; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _slipway; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return run("bash", ["--norc", "-c", script, "bash", "slipway", ...words]);
};

const zsh = (...words: readonly string[]) => {
  const script = `compdef() { :; }; _files() { :; }
    _describe() { for one in "\${(@P)3}"; do print -r -- "\${one%%:*}"; done }
    source ./slipway.zsh; words=(slipway "$@"); CURRENT=$#words; _slipway`;
  return run("zsh", ["-f", "-c", script, "zsh", ...words]);
};

const fish = (...words: readonly string[]) => {
  const script = `source slipway.fish; complete -C "slipway ${words.join(" ")}"`;
  return run("fish", ["--no-config", "-c", script]).map((line) => line.split("\t")[0]!);
};

function run(program: string, args: readonly string[]): readonly string[] {
  const options = {
    cwd: project.folder,
    encoding: "utf8",
    env: { PATH: process.env.PATH, HOME: project.folder },
  } as const;
  const { stdout, stderr } = spawnSync(program, args, options);
  expect(stderr).toBe("");
  return stdout.split("\n").filter((line) => line !== "");
}

const shells: readonly (readonly [string, (...words: readonly string[]) => readonly string[]])[] = [
  ["bash", bash],
  ["zsh", zsh],
  ["fish", fish],
];

describe.each(shells)("in %s", (shell, complete) => {
  const isThere = shell === "bash" || debianProgram(shell, shell) !== undefined;

  it.skipIf(!isThere)("completes commands, those of a group, and options", () => {
    expect(
      complete("")
        .filter((word) => !word.startsWith("-"))
        .toSorted(),
    ).toEqual(firsts.toSorted());
    expect(complete("gen", "").toSorted()).toEqual(ofGen.toSorted());
    expect(complete("migrate", "--")).toEqual(
      expect.arrayContaining(["--step", "--to", "--json", "--quiet"]),
    );
    expect(complete("gen", "migration", "--")).toEqual(expect.arrayContaining(["--sql"]));
    expect(complete("gen", "migration", "--")).not.toContain("--step");
  });
});

it("the scripts are ones that their shells can read", () => {
  expect(execFileSync("bash", ["-n", join(project.folder, "slipway.bash")]).toString()).toBe("");
});

it("another shell is refused with those that there are", async () => {
  const { code, stderr } = await project.run(["completion", "powershell"]);
  expect({ code, stderr }).toEqual({
    code: 2,
    stderr:
      "error: no completion for powershell\nhint: Name one of bash, zsh, fish: slipway completion bash\n",
  });
});
