import type { Diagnosis } from "../../core/model/diagnosis.ts";
import { ReleaseError } from "../../core/model/errors.ts";
import { mapTexts, visible } from "../../core/model/visible.ts";
import { type CommandContext, defineCommand } from "../command.ts";
import { given } from "../given.ts";
import { placeFlags, repoFlag } from "../run-flags.ts";

/**
 * `doctor`: explains why something will not work, and how to fix it. Takes no lock, writes nothing,
 * reads no row of a table.
 */
export const doctor = defineCommand({
  flags: { repo: repoFlag, prefix: placeFlags.prefix },
  async run({ flags, context }) {
    const release = await context.release();
    const here = await machine(context);
    const repos = await release.doctor(given({ repo: flags.repo, prefix: flags.prefix }));
    const bad = [
      ...here.filter(isBad).map(({ check }) => check),
      ...repos.flatMap(({ repo, found }) =>
        found.filter(isBad).map(({ check }) => `${check} of ${repo}`),
      ),
    ];
    const all = [...here, ...repos.flatMap(({ found }) => found)];
    return {
      data: { here, repos },
      text: [
        block("Here", here),
        ...repos.map((one) => block(`Repo: ${one.repo}, ${one.target}`, one.found)),
        summary(all),
      ].join("\n"),
      ...(bad.length === 0 ? {} : { told: new ReleaseError("not_well", { found: bad }) }),
    };
  },
});

function isBad({ state }: Diagnosis): boolean {
  return state === "bad";
}

/** This process, and the files of the release. */
async function machine({ root, slipway }: CommandContext): Promise<readonly Diagnosis[]> {
  const node: Diagnosis = {
    check: "node",
    state: "good",
    found: `Node ${process.versions.node}, Slipway ${slipway}`,
  };
  if (root === undefined) return [node];
  const { verifyFiles } = await import("../../built/damage.ts");
  const { checked, damaged } = verifyFiles(root);
  if (damaged.length === 0)
    return [node, { check: "files", state: "good", found: `all ${checked} as they were built` }];
  return [
    node,
    {
      check: "files",
      state: "bad",
      found: `not as they were built: ${damaged.map(({ path, is }) => `${path} (${is})`).join(", ")}`,
      advice: "Copy the release anew.",
    },
  ];
}

const marks = { good: "ok", warning: "warn", bad: "BAD", unknown: "?" } as const;

function block(title: string, found: readonly Diagnosis[]): string {
  const lines = found.flatMap((one) => {
    const { check, state, found: how, advice } = mapTexts(one, visible);
    const first = `  ${marks[state].padEnd(5)} ${check.padEnd(12)}  ${how}`;
    return advice === undefined ? [first] : [first, `${" ".repeat(22)}${advice}`];
  });
  return `${visible(title)}\n${lines.join("\n")}\n`;
}

function summary(all: readonly Diagnosis[]): string {
  const count = (of: Diagnosis["state"]) => all.filter(({ state }) => state === of).length;
  const [bad, warnings, unknown] = [count("bad"), count("warning"), count("unknown")];
  const parts = [
    bad > 0 ? `${bad} bad` : "",
    warnings > 0 ? `${warnings} to look at` : "",
    unknown > 0 ? `${unknown} that the database does not tell` : "",
  ].filter(Boolean);
  return parts.length === 0 ? "All is well.\n" : `${parts.join(", ")}.\n`;
}
