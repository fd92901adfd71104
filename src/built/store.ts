/** Where the parts of a release are: a folder, or the inside of one executable file. */
export type Store = {
  /** The folder that traces name. */
  readonly lib: string;
  /** Default: there is no folder. */
  readonly root: string | undefined;
  read(name: string): Buffer;
  /** The checksums of scripts and data, for a folder that may be replaced while this process runs. */
  readonly ids?: { readonly [file: string]: string };
  /** V8's cache of a script by its name: `main.cjs`. */
  readCache(name: string): Buffer | undefined;
  /** Called at the end for a script without a cache that this Node can use. */
  keepCache(name: string, data: Buffer): void;
  /** Packages that lie beside the bundle. */
  require(name: string): unknown;
};
