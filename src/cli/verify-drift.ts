/** `verify --schema`: the changes that somebody made to a database by hand. */
import { ReleaseError } from "../core/model/errors.ts";
import { mapTexts, visible } from "../core/model/visible.ts";
import type { SchemaVerification } from "../release/verify-schema.ts";
import type { CommandContext, Ending } from "./command.ts";
import { given } from "./given.ts";

export type VerifySchemaFlags = {
  readonly repo?: readonly string[] | undefined;
  readonly prefix?: string | undefined;
  readonly accept?: true | undefined;
  readonly rebuild?: true | undefined;
  readonly shadow?: string | undefined;
  readonly shadowSql?: string | undefined;
  readonly format?: string | undefined;
};

/** @throws {ReleaseError} `usage_invalid`, and errors of comparing */
export async function verifySchema(
  { repo, prefix, accept, rebuild, format, ...shadow }: VerifySchemaFlags,
  context: CommandContext,
): Promise<Ending> {
  const release = await context.release();
  if (rebuild === true && accept === true)
    throw new ReleaseError("usage_invalid", {
      reason: "--rebuild compares, and --accept does not",
      hint: "Give one of them.",
    });
  const options = given({ repo, prefix });
  const repos =
    rebuild === true
      ? await (await import("./rebuilt.ts")).compareRebuilt(
          release,
          { ...options, shadow },
          context,
        )
      : await release.verifySchema({ ...options, ...given({ accept }) });
  if (accept === true)
    return {
      data: { repos },
      text: repos.map((one) => `${one.repo}: what is there now is what is meant\n`).join(""),
    };
  const told = endOf(repos, { rebuilt: rebuild === true });
  const ending = { data: { repos }, text: repos.map(textOf).join(""), ...given({ told }) };
  const { asMarkdown } = await import("./as-markdown.ts");
  return asMarkdown(ending, { format, context }, async () =>
    (await import("./drift-markdown.ts")).driftMarkdown(repos),
  );
}

function endOf(
  repos: readonly SchemaVerification[],
  { rebuilt }: { readonly rebuilt: boolean },
): ReleaseError | undefined {
  const errors = repos
    .filter(({ drifted }) => drifted.length > 0)
    .map(({ repo, drifted }) => {
      const objects = drifted.map(({ object }) => object);
      return new ReleaseError("schema_drifted", { repo, objects, rebuilt });
    });
  const [first, second] = errors;
  return second === undefined ? first : new ReleaseError("several", { errors });
}

function textOf(given: SchemaVerification): string {
  const { repo, drifted, told } = mapTexts(given, visible);
  const count = drifted.length === 0 ? "nothing" : drifted.length;
  const since = given.keptAt === undefined ? "" : ` since ${given.keptAt.toISOString()}`;
  const lines = [
    `${repo}: ${count} changed by hand${since}`,
    ...drifted.flatMap(({ lines }) => lines.map((line) => `  ${line}`)),
    ...told.map((line) => `  not judged: ${line}`),
  ];
  return `${lines.join("\n")}\n`;
}
