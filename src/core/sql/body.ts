import type { Token } from "./token.ts";

/** Follows one statement token by token. */
export interface Body {
  /** Takes the next token, also a semicolon that turned out to be inside. */
  read(token: Token): void;
  /** Whether a semicolon that comes now would be inside. */
  isOpen(): boolean;
}
