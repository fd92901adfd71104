/** Draws rate and batch size over time, with a description in words. */
import { type Content, html } from "./html.ts";
import type { SeenPace } from "./samples.ts";
import { count, span } from "./words.ts";

const width = 640;
const height = 120;

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
  const x = (at: number) => (((at - first.at) / (last.at - first.at)) * width).toFixed(1);
  const y = (share: number) => (height - share * (height - 6)).toFixed(1);
  const rate = paces
    .map(({ at, rowsPerSecond }) => `${x(at)},${y(rowsPerSecond / most)}`)
    .join(" ");
  const size = sizes.map(({ at, batchSize }) => `${x(at)},${y(batchSize / largest)}`).join(" ");
  const label = `Over ${span(last.at - first.at)}: now ${count(last.rowsPerSecond)} rows a second, at most ${count(most)}; largest batch ${count(largest)} rows`;
  return html`<p class="top small quiet"><span>at most ${count(most)} rows/s</span><span>at most ${count(largest)} rows a batch, dashed</span></p>
<svg class="plot" viewBox="0 0 ${width} ${height}" preserveAspectRatio="none" role="img" aria-label="${label}">
<polygon class="under" points="${x(first.at)},${height} ${rate} ${x(last.at)},${height}"/>
<polyline class="rate" points="${rate}"/>${sizes.length > 1 && html`<polyline class="size" points="${size}"/>`}
<line class="axis" x1="0" x2="${width}" y1="${height}" y2="${height}"/>
</svg>
<p class="top small quiet"><span>${span(last.at - first.at)} ago</span><span>now</span></p>`;
}
