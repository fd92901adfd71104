import { ReleaseError } from "../../core/model/errors.ts";
import { defineCommand } from "../command.ts";
import { bash } from "../completion/bash.ts";
import { fish } from "../completion/fish.ts";
import { placesOf } from "../completion/shape.ts";
import { zsh } from "../completion/zsh.ts";
import { groupWords } from "../group-words.ts";

const shells = { bash, zsh, fish };

/** `completion`: prints a script that completes commands and their options. */
export const completion = defineCommand({
  arguments: "<shell>",
  flags: {},
  async run({ args, context }) {
    const [shell = ""] = args;
    const write = Object.hasOwn(shells, shell) ? shells[shell as keyof typeof shells] : undefined;
    if (write === undefined)
      throw new ReleaseError("usage_invalid", {
        reason:
          shell === "" ? "completion needs the name of a shell" : `no completion for ${shell}`,
        hint: `Name one of ${Object.keys(shells).join(", ")}: ${context.name} completion bash`,
      });
    const script = write(await placesOf(context.commands, groupWords));
    return { data: { shell, script }, text: script };
  },
});
