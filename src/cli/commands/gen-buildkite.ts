import { buildkiteFiles } from "../../deploy/buildkite.ts";
import { checkCommand } from "../generate/check-facts.ts";

/** `gen buildkite`: writes a step of a Buildkite pipeline that checks the migrations of a change. */
export const genBuildkite = checkCommand(buildkiteFiles);
