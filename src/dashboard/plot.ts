/** Rate and batch size over time, as a picture that says in words what it shows. */
import { type Content, html } from "./html.ts";
import type { SeenPace } from "./samples.ts";
import { count, span } from "./words.ts";

const width = 640;
const height = 150;
const left = 4;

/** Needs two moments. */
export function pacePlot(paces: readonly SeenPace[]): Content {
  const [first] = paces;
  const last = paces.at(-1);
  if (first === undefined || last === undefined || first === last)
    return html`<p class="quiet small">The plot begins when the page has been open for some seconds.</p>`;
  const most = Math.max(1, ...paces.map(({ rowsPerSecond }) => rowsPerSecond));
  const sizes = paces.flatMap(({ at, batchSize }) =>
    batchSize === undefined ? [] : [{ at, batchSize }],
  );
  const largest = Math.max(1, ...sizes.map(({ batchSize }) => batchSize));
  const x = (at: number) =>
    (left + ((at - first.at) / (last.at - first.at)) * (width - 2 * left)).toFixed(1);
  const y = (share: number) => (height - 22 - share * (height - 44)).toFixed(1);
  const rate = paces
    .map(({ at, rowsPerSecond }) => `${x(at)},${y(rowsPerSecond / most)}`)
    .join(" ");
  const size = sizes.map(({ at, batchSize }) => `${x(at)},${y(batchSize / largest)}`).join(" ");
  const label = `Over ${span(last.at - first.at)}: now ${count(last.rowsPerSecond)} rows a second, at most ${count(most)}; largest batch ${count(largest)} rows`;
  return html`<svg class="plot" viewBox="0 0 ${width} ${height}" role="img" aria-label="${label}">
<polygon class="under" points="${x(first.at)},${height - 22} ${rate} ${x(last.at)},${height - 22}"/>
<line class="axis" x1="0" x2="${width}" y1="${height - 22}" y2="${height - 22}"/>
<polyline class="rate" points="${rate}"/>${sizes.length > 1 && html`<polyline class="size" points="${size}"/>`}
<text x="${left}" y="12">${count(most)} rows/s</text><text x="${width - left}" y="12" text-anchor="end">${count(largest)} rows a batch (dashed)</text>
<text x="${left}" y="${height - 6}">${span(last.at - first.at)} ago</text><text x="${width - left}" y="${height - 6}" text-anchor="end">now</text>
</svg>`;
}
