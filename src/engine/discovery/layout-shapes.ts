/** Migrations that Slipway cannot read, by how their paths look: one entry for each tool or language. */

export type LayoutShape = {
  /** Whose they are, for people: "it looks like …". */
  readonly looksLike: string;
  /** Paths below the folder that are migrations, whatever lies beside them. */
  readonly is: RegExp;
  /** Paths that are migrations only where nothing else in the folder is one. Default: none. */
  readonly alone?: RegExp;
  /** One sentence that tells people what to do. */
  readonly advice: string;
};

/** The advice for a tool that `adopt` knows: it records the migrations that ran without their files. */
function goOn(tool: string, from: string | undefined): string {
  const adopt =
    from === undefined
      ? `baseline a database that ${tool} has migrated (slipway baseline)`
      : `take over what ran with slipway adopt --from ${from} --accept row-without-file`;
  return `Leave them to ${tool}, name a new folder in release.ts for what comes next in SQL or TypeScript, and ${adopt}.`;
}

export const layoutShapes: readonly LayoutShape[] = [
  {
    looksLike: "Flyway's undo migrations",
    is: /(?:^|\/)U\d[\d._]*__[^/]+\.sql$/,
    advice: "Give each the version of one V file, or move it out of the folder.",
  },
  {
    looksLike: "Rails' migrations in Ruby",
    is: /(?:^|\/)\d{3,}_[^/]+\.rb$/,
    advice: goOn("Rails", "rails"),
  },
  {
    looksLike: "Ecto's migrations in Elixir",
    is: /(?:^|\/)\d{3,}_[^/]+\.exs$/,
    advice: goOn("Ecto", undefined),
  },
  {
    looksLike: "Django's migrations in Python",
    is: /(?:^|\/)\d{4}_\w+\.py$/,
    advice: goOn("Django", "django"),
  },
  {
    looksLike: "yoyo's migrations in Python",
    is: /(?:^|\/)\d+[.-][^/]+\.py$/,
    advice: goOn("yoyo", "yoyo"),
  },
  {
    looksLike: "Alembic's migrations in Python",
    is: /(?:^|\/)(?:[0-9a-f]{8,}|\d{3,})_[^/]+\.py$/,
    alone: /(?:^|\/)(?!__init__)[^/]+\.py$/,
    advice: goOn("Alembic", "alembic"),
  },
  {
    looksLike: "migrations in PHP",
    is: /(?:^|\/)(?:\d{4}_\d\d_\d\d_\d{6}_[^/]+|Version\d{14}|\d{14}_[^/]+)\.php$/,
    advice: goOn("Laravel", "laravel"),
  },
  {
    looksLike: "goose's migrations in Go",
    is: /(?:^|\/)\d+_[^/]+\.go$/,
    advice:
      "Write each anew in SQL or TypeScript under its version, beside it or in its place: Slipway runs no Go, and the ones behind it may need it. Where it has run on every database, a file with a comment will do.",
  },
  {
    looksLike: "migrations in Java, Kotlin, C#, Rust or a shell",
    is: /(?:^|\/)(?:[VR]\d*[\d._]*__[^/]+\.(?:java|kt|rs|cs|groovy)|\d{3,}[-_.][^/]+\.(?:java|kt|rs|cs|clj|edn|sh|pl|lua|scala|groovy))$/,
    advice:
      "Write each anew in SQL or TypeScript under its version, beside it or in its place: Slipway runs no other language.",
  },
  {
    looksLike: "a project of sqitch",
    is: /(?:^|\/)sqitch\.plan$/,
    alone: /(?:^|\/)(?:deploy|revert|verify)\/[^/]+\.sql$/,
    advice:
      "Copy the changes in the order of sqitch.plan to files such as 001_name.up.sql and 001_name.down.sql, then slipway adopt --from sqitch.",
  },
  {
    looksLike: "Liquibase's changelogs",
    is: /(?:^|\/)(?:[^/]*changelog[^/]*\.(?:xml|ya?ml|json|sql)|\d[^/]*\.xml)$/i,
    alone: /\.xml$/,
    advice:
      'Of formatted SQL say layout: "liquibase" in the repo. Of XML and YAML let liquibase update-sql print the SQL and put it into files such as 001_name.sql, then slipway adopt --from liquibase.',
  },
  {
    looksLike: "pgroll's or Liquibase's migrations",
    is: /^(?!)/,
    alone: /^\d[^/]*\.(?:json|ya?ml)$/,
    advice: "Write their SQL into files such as 001_name.sql: Slipway reads SQL and TypeScript.",
  },
  {
    looksLike: "Postgrator's migrations in JavaScript",
    is: /(?:^|\/)\d+\.(?:do|undo)(?:\.[^/]+)?\.[cm]?[jt]s$/,
    advice: "Write each anew as 001.do.name.sql, or as a module that exports defineMigration.",
  },
  {
    looksLike: "modules whose names do not start with a version",
    is: /(?:^|\/)(?!\d+[-_.T])(?:\d{3,}|[^/]*\d{10})[^/]*\.[cm]?[jt]s$/,
    advice: "Start each name with its version, such as 20210718153339_create_posts.ts.",
  },
];
