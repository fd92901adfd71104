/**
 * A command's findings as Markdown: for the summary of a job on GitHub, and for a comment on a pull
 * request.
 */
import { appendFileSync } from "node:fs";
import { messageOf } from "../core/model/message-of.ts";
import type { CommandContext, Ending } from "./command.ts";
import { value } from "./flags.ts";
import { oneOf } from "./parse.ts";

/** `--format`, for commands that print text or Markdown. */
export const formatFlag = value(
  "--format <format>",
  "how it is printed: text, markdown",
  oneOf(["text", "markdown"]),
);

/**
 * The ending of a command, in Markdown if the format asks for it. On GitHub it is also added to the
 * summary of the job. If the summary cannot be written, the command warns and does not fail.
 */
export async function asMarkdown(
  ending: Ending,
  {
    format,
    context,
  }: { readonly format: string | undefined; readonly context: Pick<CommandContext, "world"> },
  make: () => string | Promise<string>,
): Promise<Ending> {
  if (format !== "markdown" && !summaryOf(context)) return ending;
  const text = await make();
  addSummary(context, () => text);
  if (format !== "markdown") return ending;
  const { painted: _, ...plain } = ending;
  return { ...plain, text };
}

/** Adds Markdown to the summary of the job, where there is one. */
export function addSummary(context: Pick<CommandContext, "world">, make: () => string): void {
  const file = summaryOf(context);
  if (!file) return;
  try {
    appendFileSync(file, `${make()}\n`);
  } catch (error) {
    context.world.tell(`warning: the summary of the job was not written: ${messageOf(error)}\n`);
  }
}

function summaryOf({ world }: Pick<CommandContext, "world">): string | undefined {
  return world.env.GITHUB_STEP_SUMMARY;
}
