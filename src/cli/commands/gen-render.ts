import { renderFiles } from "../../deploy/render.ts";
import { platformCommand } from "../generate/platform-command.ts";

/** `gen render`: writes render.yaml. */
export const genRender = platformCommand(renderFiles);
