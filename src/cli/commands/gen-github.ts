import { githubFiles } from "../../deploy/github.ts";
import { checkCommand } from "../generate/check-facts.ts";

/** `gen github`: writes a GitHub workflow that checks the migrations of a change. */
export const genGithub = checkCommand(githubFiles);
