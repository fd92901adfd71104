/** Where the parts of a release are: a folder, or the inside of one executable file. */
export type Store = {
  /** The folder that traces name. */
  readonly lib: string;
  /** Default: there is no folder. */
  readonly root: string | undefined;
  read(name: string): Buffer;
  /** What V8 made of `main.cjs` before. */
  readCache(): Buffer | undefined;
  /** Called at the end where there was no cache that this Node can use. */
  keepCache(data: Buffer): void;
  /** Packages that lie beside the bundle. */
  require(name: string): unknown;
};
