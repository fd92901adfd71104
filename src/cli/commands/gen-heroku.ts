import { herokuFiles } from "../../deploy/heroku.ts";
import { defineCommand } from "../command.ts";
import { releaseApp } from "../generate/project-facts.ts";
import { generatedFlags, writeGenerated } from "../generate/write-generated.ts";

/** `gen heroku`: writes heroku.yml. Heroku itself says where the app is to listen. */
export const genHeroku = defineCommand({
  flags: generatedFlags,
  async run({ flags, context }) {
    const app = await releaseApp(context);
    return writeGenerated(herokuFiles(app), { flags, context, folder: "." });
  },
});
