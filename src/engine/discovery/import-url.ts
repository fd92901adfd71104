/** Imports a module as Node does, and reads what Node says of it. */
import { isReleaseError } from "../../core/model/errors.ts";

/** For whatever loader the process has. */
export function importUrl(url: string): Promise<unknown> {
  // Not for a bundler to follow: it is a file beside the program, or there is a manifest and this is never reached.
  return import(/* webpackIgnore: true */ /* turbopackIgnore: true */ url);
}

/** Whether Node may have failed because the file has TypeScript that JavaScript lacks. */
export function mayBeTypeScript(error: unknown): error is Error {
  if (!(error instanceof Error) || isReleaseError(error)) return false;
  const code = "code" in error ? String(error.code) : "";
  if (code === "ERR_INVALID_TYPESCRIPT_SYNTAX") return false;
  return (
    error instanceof SyntaxError ||
    /MODULE_NOT_FOUND|TYPESCRIPT_SYNTAX|DIR_IMPORT|IMPORT_ATTRIBUTE_MISSING|UNKNOWN_FILE/.test(
      code,
    ) ||
    /^(?:require|module|exports|__dirname|__filename) is not defined/.test(error.message)
  );
}
