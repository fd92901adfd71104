/** Folders that hold migrations, by the names in them, wherever they lie. Pure. */

/** A folder with files that look like migrations. */
export type LikelyFolder = {
  readonly folder: string;
  /**
   * How likely its path is: 3 for a name like migrations, 0 for the name of something else, as a
   * folder of seeds.
   */
  readonly rank: 0 | 1 | 2 | 3;
};

/** The kinds of databases that a project may have migrations for side by side. */
export type DatabaseKind = "postgres" | "mysql" | "sqlite";

const sqlFile = /^(?:[VvUBR]?\d[^/]*|[VUBR]\d*[\d._]*__[^/]*)\.sql$/;
const codeFile =
  /^(?:\d+[-_.T]|\d{3,}|[Vv]\d+\.\d|Migration\d{8,})[^/]*\.(?:[cm]?[jt]s|rb|exs|go|py|php)$/;
const noMigration = /\.d\.[cm]?ts$|\.(?:test|spec)\.[^.]+$|_test\.go$/;
const migrationFolder = /^[\w.]*\d[^/]*$/;
const called = /migrat|drizzle|changelog/i;
const aboutDatabases = /^(?:db|database|databases|sql|schema|schemas|patches|updates|changes)$/i;
const somethingElse =
  /^(?:seeds?|seeders?|.*seed-?.*|fixtures?|tests?|__tests__|examples?|samples?|archives?|archived?|old|old[_-].*|backups?|mocks?|beta|clickhouse|elastic.*|data[_-]?migrations?)$/i;
/** The folder of one release, as in `store/migration/0.22/00__a.sql`. */
const release = /^v?\d+(?:\.\d+)+$/;

/** The most likely paths come first; a folder below another one belongs to that. */
export function candidatesIn(paths: readonly string[]): readonly LikelyFolder[] {
  const held = Map.groupBy(paths.flatMap(folderOf), ({ folder }) => folder);
  const found = [...held].flatMap(([folder, files]): readonly LikelyFolder[] => {
    const rank = rankOf(folder);
    // Elsewhere a single file, or code, may begin with a number for another reason.
    const isSure = rank >= 2 || files.filter(({ isSql }) => isSql).length > 1;
    return isSure ? [{ folder, rank }] : [];
  });
  return found
    .filter((one) => !found.some((other) => one.folder.startsWith(`${other.folder}/`)))
    .toSorted((a, b) => b.rank - a.rank || (a.folder < b.folder ? -1 : 1));
}

/** Of paths for several kinds of databases, those of that kind; where none is, those that say no kind. */
export function ofKind(
  folders: readonly string[],
  kind: DatabaseKind | undefined,
): readonly string[] {
  if (kind === undefined) return folders;
  const own = folders.filter((folder) => kindIn(folder) === kind);
  return own.length > 0 ? own : folders.filter((folder) => kindIn(folder) === undefined);
}

const kindWords: readonly (readonly [words: RegExp, kind: DatabaseKind])[] = [
  [/^(?:postgres|postgresql|postgresdb|pgsql|pg)$/, "postgres"],
  [/^(?:mysql|mariadb)$/, "mysql"],
  [/^(?:sqlite|sqlite3|libsql|turso|d1)$/, "sqlite"],
];

/** `migrations-sqlite`, `prisma/mysql/migrations`: the last word of the path that is one. */
export function kindIn(folder: string): DatabaseKind | undefined {
  const words = folder.toLowerCase().split(/[/_.-]/);
  const last = words.findLast((word) => kindWords.some(([kind]) => kind.test(word)));
  return kindWords.find(([kind]) => last !== undefined && kind.test(last))?.[1];
}

function folderOf(path: string): readonly { readonly folder: string; readonly isSql: boolean }[] {
  const parts = path.split("/");
  const file = parts.at(-1)!;
  const above = parts.slice(0, -1);
  if (/^(?:up|migration)\.sql$/.test(file) && migrationFolder.test(above.at(-1) ?? ""))
    return above.length < 2 ? [] : [{ folder: above.slice(0, -1).join("/"), isSql: true }];
  const isSql = sqlFile.test(file);
  if (above.length === 0 || noMigration.test(file) || !(isSql || codeFile.test(file))) return [];
  const folders = release.test(above.at(-1)!) ? above.slice(0, -1) : above;
  return folders.length === 0 ? [] : [{ folder: folders.join("/"), isSql }];
}

function rankOf(folder: string): LikelyFolder["rank"] {
  const parts = folder.split("/");
  if (parts.some((part) => somethingElse.test(part))) return 0;
  if (called.test(parts.at(-1)!)) return 3;
  if (parts.slice(-3).some((part) => called.test(part))) return 2;
  return parts.some((part) => aboutDatabases.test(part)) ? 1 : 0;
}
