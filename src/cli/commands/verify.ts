import { ReleaseError } from "../../core/errors.ts";
import type { Verification } from "../../release/verify.ts";
import { defineCommand } from "../command.ts";
import { flag } from "../flags.ts";
import { given } from "../given.ts";
import { placeFlags, placeOptions, repoFlag } from "../run-flags.ts";

/** `verify`: compares the migrations of this release with the databases. Takes no lock and writes nothing. */
export const verify = defineCommand({
  flags: { repo: repoFlag, ...placeFlags, data: flag("--data", "data migrations") },
  async run({ flags, context }) {
    const { repo, data } = flags;
    const release = await context.release();
    const repos = await release.verify({
      ...placeOptions(flags, context.world.cwd),
      ...given({ repo, data }),
    });
    const edited = repos.flatMap(({ repo, edited }) =>
      edited.map((one) => new ReleaseError("migration_edited", { repo, ...one })),
    );
    const [first, second] = edited;
    const told = second === undefined ? first : new ReleaseError("several", { errors: edited });
    return { data: { repos }, text: repos.map(textOf).join(""), ...given({ told }) };
  },
});

function textOf({ repo, relation, pending, unknown, edited, reformatted }: Verification): string {
  const lines = [
    `${repo}: ${relation}`,
    ...pending.map((version) => `  pending       ${version}`),
    ...unknown.map((version) => `  not in this release  ${version}`),
    ...edited.flatMap(({ version, origin, diff }) => [
      `  edited        ${version} ${origin}`,
      ...diff.map((line) => `    ${line}`),
    ]),
    ...reformatted.map((origin) => `  reformatted   ${origin}`),
  ];
  return `${lines.join("\n")}\n`;
}
