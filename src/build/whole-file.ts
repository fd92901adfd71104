/**
 * Files → disk, whole or not at all. A full disk, or a process that dies, leaves the old file or
 * none, and never a part; but a file in a folder that takes no other is written in its place.
 */
import {
  accessSync,
  chmodSync,
  chownSync,
  constants,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { ReleaseError } from "../core/model/errors.ts";
import { systemFailure } from "../core/model/system-failure.ts";
import { displayPath } from "../engine/discovery/display-path.ts";

/** One file to write. The folders above it are made. */
export type WholeFile = {
  readonly path: string;
  readonly contents: string | Uint8Array;
  /** Whether a file that is there stays, and the writing fails. Default: it is replaced. */
  readonly isNew?: boolean;
};

/**
 * Writes one file. It keeps the rights and the owner of the file that it replaces, and writes
 * through a link.
 *
 * @throws {ReleaseError} `file_unwritable`
 */
export function writeWhole(file: WholeFile): void {
  writeAllWhole([file]);
}

/**
 * Writes all of them: each lies beside its place before the first one goes there. After an error none that is new stays.
 *
 * @throws {ReleaseError} `file_unwritable`
 */
export function writeAllWhole(files: readonly WholeFile[]): void {
  const undo: (() => void)[] = [];
  const parts: Part[] = [];
  try {
    for (const file of files) naming(file, () => parts.push(prepare(file, undo)));
    for (const part of parts) naming(part.file, () => settle(part, undo));
  } catch (error) {
    removeBeside(parts);
    for (const one of undo.reverse()) one();
    throw error;
  }
  removeBeside(parts);
}

function removeBeside(parts: readonly Part[]): void {
  for (const { beside } of parts) if (beside !== undefined) rmSync(beside, { force: true });
}

/** The text of a file; `undefined` where none is. @throws {ReleaseError} `file_inaccessible` */
export function textThere(path: string): string | undefined {
  if (!existsSync(path)) return undefined;
  return naming({ path, code: "file_inaccessible" }, () => readFileSync(path, "utf8"));
}

/**
 * Does `work`, whose failures are those of writing `path`, or of using it.
 *
 * @throws {ReleaseError} `file_unwritable`, or the named code
 */
export function naming<Result>(
  {
    path,
    code = "file_unwritable",
  }: { readonly path: string; readonly code?: "file_unwritable" | "file_inaccessible" },
  work: () => Result,
): Result {
  try {
    return work();
  } catch (error) {
    const failure = systemFailure(error);
    if (failure === undefined) throw error;
    const shown = displayPath(process.cwd(), path) || ".";
    throw new ReleaseError(code, { path: shown, ...failure }, { cause: error });
  }
}

/** Takes folders away again that `mkdirSync` made, from `folder` up to `made`, as far as nobody else has put something in. */
export function removeMade(folder: string, made: string | undefined): void {
  if (made === undefined) return;
  const top = resolve(made);
  for (let at = resolve(folder); at.startsWith(top); at = dirname(at)) {
    try {
      rmdirSync(at);
    } catch {
      return;
    }
  }
}

/** Where a file goes, and where it lies until then. Without `beside`, it is written in its place. */
type Part = { readonly file: WholeFile; readonly target: string; readonly beside?: string };

/** A folder without the right to make files, or a file that is mounted by itself. */
const onlyInPlace: ReadonlySet<string | undefined> = new Set([
  "EACCES",
  "EPERM",
  "EROFS",
  "EBUSY",
  "EXDEV",
]);

function prepare(file: WholeFile, undo: (() => void)[]): Part {
  const made = mkdirSync(dirname(file.path), { recursive: true });
  undo.push(() => removeMade(dirname(file.path), made));
  const there = statOf(file.path);
  if (there !== undefined && file.isNew) {
    const taken: NodeJS.ErrnoException = new Error("EEXIST: file already exists, open");
    throw Object.assign(taken, { code: "EEXIST", syscall: "open" });
  }
  const target = there === undefined ? file.path : realpathSync(file.path);
  // A terminal, a pipe, or a link to what is not there yet.
  if (there === undefined ? isLink(file.path) : !there.isFile()) return { file, target };
  // It would be replaced whether it may be written or not.
  if (there !== undefined) accessSync(target, constants.W_OK);
  const beside = join(dirname(target), `.${basename(target)}.${process.pid}.part`);
  try {
    writeFileSync(beside, file.contents, { flush: true });
    if (there !== undefined) keepOwner(beside, there);
    return { file, target, beside };
  } catch (error) {
    rmSync(beside, { force: true });
    if (there === undefined || !onlyInPlace.has(codeOf(error))) throw error;
    return { file, target };
  }
}

function settle({ file, target, beside }: Part, undo: (() => void)[]): void {
  try {
    if (beside === undefined) writeFileSync(target, file.contents);
    else if (file.isNew) {
      makeAt(target, beside);
      undo.push(() => rmSync(target, { force: true }));
    } else renameSync(beside, target);
  } catch (error) {
    if (beside === undefined || file.isNew || !onlyInPlace.has(codeOf(error))) throw error;
    writeFileSync(target, file.contents);
  }
}

/** Only one of two processes makes it. Some file systems have no second names. */
function makeAt(target: string, beside: string): void {
  try {
    linkSync(beside, target);
  } catch (error) {
    if (codeOf(error) === "EEXIST" || statOf(target) !== undefined) throw error;
    renameSync(beside, target);
  }
}

function keepOwner(path: string, { mode, uid, gid }: Stats): void {
  const own = statSync(path);
  if (own.uid !== uid || own.gid !== gid) chownSync(path, uid, gid);
  if (own.mode !== mode) chmodSync(path, mode);
}

function statOf(path: string): Stats | undefined {
  return statSync(path, { throwIfNoEntry: false });
}

function isLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error ? String(error.code) : undefined;
}
