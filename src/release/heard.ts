/** Lets a reporter hear events without any effect on the run. */
import type { Emit } from "../engine/events.ts";

/** Passes events on. When `emit` throws or rejects, Node warns once and the run continues. */
export function heard(emit: Emit): Emit {
  let isTold = false;
  const tell = (error: unknown) => {
    if (!isTold) process.emitWarning(`emit threw, and the run continues: ${String(error)}`);
    isTold = true;
  };
  return (event) => {
    try {
      const result: unknown = emit(event);
      if (result instanceof Promise) result.catch(tell);
    } catch (error) {
      tell(error);
    }
  };
}
