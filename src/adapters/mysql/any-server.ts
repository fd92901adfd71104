/** The dialect for the build, which does not know which server the release will meet. */
import { DependsOnServer } from "../../core/language/depends-on-server.ts";
import type { Dialect } from "../../core/language/dialect.ts";
import type { MysqlServer } from "./server.ts";

/** MySQL and MariaDB of every version and mode: whoever asks which of them it is gets no answer. */
export const anyServer: MysqlServer = {
  get flavor() {
    return refuse();
  },
  get version() {
    return refuse();
  },
  get sqlMode() {
    return refuse();
  },
};

/** The same dialect, which cannot say its name either: a message with it would be wrong on the other server. */
export function nameless(dialect: Dialect): Dialect {
  return {
    ...dialect,
    get label() {
      return refuse();
    },
  };
}

function refuse(): never {
  throw new DependsOnServer();
}
