import { circleciFiles } from "../../deploy/circleci.ts";
import { checkCommand } from "../generate/check-facts.ts";

/** `gen circleci`: writes a workflow of CircleCI that checks the migrations of a change. */
export const genCircleci = checkCommand(circleciFiles);
