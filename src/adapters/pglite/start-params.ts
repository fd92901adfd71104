/** How the server in a PGlite is started. */
import type { PGlite } from "@electric-sql/pglite";

/**
 * The parameters with which PGlite starts its server by itself, and smaller buffers: its 128 MB are
 * filled with zeros at each start, which takes two fifths of the time of opening a database (PGlite
 * 0.5.16). The settings of the database stay as they are.
 */
export function startParams(library: typeof PGlite): string[] {
  // Packages of tests have older ones, and npm would refuse to install Slipway beside them.
  const { defaultStartParams } = library as Partial<typeof PGlite>;
  if (defaultStartParams === undefined)
    throw new Error(
      "Slipway needs PGlite 0.4 or newer: npm install --save-dev @electric-sql/pglite@latest",
    );
  return [...defaultStartParams, "-c", "shared_buffers=8MB"];
}
