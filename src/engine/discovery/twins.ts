/** SQL files that are two halves of one migration, as other tools name them. Pure: names in, names out. */

/** The files of one migration, and the id that both share. */
export type Twin = { readonly id: string; readonly up: string; readonly down?: string | undefined };

export type Twins = {
  readonly twins: readonly Twin[];
  /** Files that have no part in a twin. */
  readonly others: readonly string[];
  /** Halves that go down, without the file that goes up. */
  readonly orphans: readonly string[];
};

/** One half: whose it is, and which way it goes. */
type Half = { readonly id: string; readonly key: string; readonly direction: "up" | "down" };

type Style = {
  readonly halfOf: (file: string) => Half | undefined;
  /** The kind of each half where the other half is missing. */
  readonly alone: { readonly up: "twin" | "other"; readonly down: "orphan" | "other" };
};

const styles: readonly Style[] = [
  // Postgrator: 001.do.create.sql, 001.undo.create.sql.
  {
    halfOf(file) {
      const [, digits, word, name = ""] = /^(\d+)\.(do|undo)(\.[^/]+)?\.sql$/.exec(file) ?? [];
      if (digits === undefined) return undefined;
      const direction = word === "do" ? "up" : "down";
      return { id: `${digits}${name}`, key: String(BigInt(digits)), direction };
    },
    alone: { up: "twin", down: "orphan" },
  },
  // Flyway: V1__create.sql, U1__create.sql.
  {
    halfOf(file) {
      const [, id, letter, version] = /^((V|U)(\d[\d._]*)__.+)\.sql$/.exec(file) ?? [];
      if (id === undefined || version === undefined) return undefined;
      const key = version.replaceAll("_", ".");
      return { id, key, direction: letter === "V" ? "up" : "down" };
    },
    alone: { up: "other", down: "orphan" },
  },
  // db-migrate: create-up.sql, create-down.sql. A name may end so for another reason.
  {
    halfOf(file) {
      const [, id, word] = /^(.+)[-_](up|down)\.sql$/.exec(file) ?? [];
      return id === undefined ? undefined : { id, key: id, direction: word as "up" | "down" };
    },
    alone: { up: "other", down: "other" },
  },
  // yoyo: 0001.create.sql, 0001.create.rollback.sql. A name may be nothing but that word: 0002.rollback.sql.
  {
    halfOf(file) {
      const [, id] = /^(\d+[-_.].+)\.(?:rollback|undo|revert)\.sql$/.exec(file) ?? [];
      if (id !== undefined) return { id, key: id, direction: "down" };
      const own = file.replace(/\.sql$/, "");
      return /\.(?:up|down)$/.test(own) ? undefined : { id: own, key: own, direction: "up" };
    },
    alone: { up: "other", down: "orphan" },
  },
];

/** Takes the twins out of the SQL files of one folder. */
export function twinned(files: readonly string[]): Twins {
  return styles.reduce<Twins>(
    (so, style) => {
      const taken = take(so.others, style);
      return {
        twins: [...so.twins, ...taken.twins],
        others: taken.others,
        orphans: [...so.orphans, ...taken.orphans],
      };
    },
    { twins: [], others: files, orphans: [] },
  );
}

function take(files: readonly string[], { halfOf, alone }: Style): Twins {
  const twins: Twin[] = [];
  const others: string[] = [];
  const orphans: string[] = [];
  const halves = files.map((file) => ({ file, half: halfOf(file) }));
  const mayTake = halves.some(
    ({ half }) => half !== undefined && (half.direction === "down" || alone.up === "twin"),
  );
  if (!mayTake) return { twins, others: files, orphans };
  for (const same of Map.groupBy(halves, ({ file, half }) => half?.key ?? `/${file}`).values()) {
    const ups = same.filter(({ half }) => half?.direction === "up");
    const downs = same.filter(({ half }) => half?.direction === "down");
    const [up, down] = [ups[0], downs[0]];
    const one = ups.length < 2 && downs.length < 2;
    if (one && up?.half !== undefined && (down !== undefined || alone.up === "twin"))
      twins.push({ id: up.half.id, up: up.file, down: down?.file });
    else if (up === undefined && down !== undefined && alone.down === "orphan")
      orphans.push(...downs.map(({ file }) => file));
    else others.push(...same.map(({ file }) => file));
  }
  return { twins, others, orphans };
}
