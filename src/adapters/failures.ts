/**
 * How an adapter says that something did not go well. A built release has copies of these classes in several files, so
 * an instance is known by its name.
 */

/** Says that a connection could not be made. The reason never holds a password. */
export class ConnectionFailed extends Error {
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && value.name === "ConnectionFailed";
  }

  override readonly name = "ConnectionFailed";
  readonly hint: string;
  /** Whether trying again cannot help: a URL that cannot be read, a user that is refused. */
  readonly lasting: boolean;

  constructor(
    reason: string,
    options: { readonly hint: string; readonly cause?: unknown; readonly lasting?: boolean },
  ) {
    super(reason, { cause: options.cause });
    this.hint = options.hint;
    this.lasting = options.lasting ?? false;
  }
}

/** Says which of several statements failed. `cause` is the database's own error. */
export class StatementFailed extends Error {
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && value.name === "StatementFailed";
  }

  override readonly name = "StatementFailed";
  readonly index: number;
  /** Where in that statement the database found the error, in UTF-16 units. Default: it does not say. */
  readonly offset: number | undefined;

  constructor(
    message: string,
    options: {
      readonly index: number;
      readonly cause: unknown;
      readonly offset?: number | undefined;
    },
  ) {
    super(message, { cause: options.cause });
    this.index = options.index;
    this.offset = options.offset;
  }
}
