/** A reporter that says nothing. */
import type { Emit } from "../engine/events.ts";

/** Hears everything and says nothing. */
export const silent: Emit = () => undefined;
