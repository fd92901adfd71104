import { gitlabFiles } from "../../deploy/gitlab.ts";
import { checkCommand } from "../generate/check-facts.ts";

/** `gen gitlab`: writes a job of GitLab CI that checks the migrations of a change. */
export const genGitlab = checkCommand(gitlabFiles);
