import { flyFiles } from "../../deploy/fly.ts";
import { platformCommand } from "../generate/platform-command.ts";

/** `gen fly`: writes fly.toml. */
export const genFly = platformCommand(flyFiles);
