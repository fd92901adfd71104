import { type AppAnswer, call } from "../rpc/call.ts";
import type { Request } from "../rpc/protocol.ts";
import { socketPath } from "../rpc/run-folder.ts";
import type { CommandContext } from "./command.ts";

/**
 * The running app's answer. Its output is shown meanwhile.
 *
 * @throws {ReleaseError} `app_not_listening`, `run_folder_unusable`
 */
export function askApp(
  app: string,
  request: Request,
  { world, json = false }: Pick<CommandContext, "world"> & { readonly json?: boolean },
): Promise<AppAnswer> {
  return call(socketPath(app, world.env), request, {
    hear: { stdout: json ? world.tell : world.write, stderr: world.tell },
    signal: world.signal,
    untilEnd: request.do === "stop",
  });
}
