/** Tables as Markdown and as a plot. */
import {
  type Bound,
  type Figure,
  middleOf,
  missedBy,
  type Row,
  type Table,
  timesFloor,
} from "./contest.ts";

const figures: readonly Figure[] = ["ms", "process ms", "server ms", "MiB", "kB", "waits"];

/** One line for each contestant: medians, how many times its floor, and what was wanted. */
export function markdown({ title, figure, rows }: Table): string {
  const shown = figures.filter((one) => rows.some((row) => middleOf(row, one) !== undefined));
  const withProcessor = figure !== "process ms" && shown.includes("process ms");
  const rounds = rows[0]?.samples.length ?? 0;
  const head = [
    `${title}, ${rounds} round${rounds === 1 ? "" : "s"}`,
    ...shown.map((one) =>
      rounds === 1 ? one : `${one === "process ms" ? "mean" : "median"} ${one}`,
    ),
    ...(rounds === 1 ? [] : ["best", "worst"]),
    "× floor",
    ...(withProcessor ? ["× floor, process"] : []),
    "wanted",
  ];
  const lines = rows.map((row) => {
    const all = row.samples.map((sample) => sample[figure] ?? Number.NaN);
    return [
      row.name,
      ...shown.map((one) => number(middleOf(row, one))),
      ...(rounds === 1 ? [] : [number(Math.min(...all)), number(Math.max(...all))]),
      timesFloor(row, rows, figure)?.toFixed(2) ?? "",
      ...(withProcessor ? [timesFloor(row, rows, "process ms")?.toFixed(2) ?? ""] : []),
      (row.bounds ?? []).map((bound) => verdict(row, rows, bound)).join("; "),
    ];
  });
  const rule = ["---", ...head.slice(1, -1).map(() => "---:"), "---"];
  return [head, rule, ...lines].map((cells) => `| ${cells.join(" | ")} |\n`).join("");
}

/** Of each contestant over its bound: how much of that is the server's, and how much the process's. */
export function missed({ figure, rows, tenants }: Table): string {
  const notes = rows.flatMap((row) => {
    const over = (row.bounds ?? []).filter((bound) => (missedBy(row, rows, bound) ?? 0) > 0);
    const floor = rows.find(({ name }) => name === row.floor);
    if (over.length === 0 || floor === undefined) return [];
    const parts = (["server ms", "process ms"] as const).flatMap((one) => {
      const [own, its] = [middleOf(row, one), middleOf(floor, one)];
      if (own === undefined || its === undefined) return [];
      const shown = (ms: number) =>
        tenants === undefined ? number(ms) : (ms / tenants).toFixed(2);
      return [`${shown(own)} ${one} beside ${shown(its)}`];
    });
    const each = tenants === undefined ? "" : " for each tenant";
    const processor = parts.length > 0 ? ` Processor time${each}: ${parts.join(", ")}.` : "";
    return [
      `${row.name} misses ${over.map((bound) => verdict(row, rows, bound)).join("; ")}.${processor}\n`,
    ];
  });
  return figure === "ms" && notes.length > 0 ? `\n${notes.join("\n")}` : "";
}

/** "≤ 1.05: held", or by how much of the figure it is missed. */
function verdict(row: Row, rows: readonly Row[], bound: Bound): string {
  const wanted =
    bound.times === undefined ? `≤ ${number(bound.most)} ${bound.figure}` : `≤ ${bound.times} ×`;
  const missed = missedBy(row, rows, bound);
  if (missed === undefined) return `${wanted}: not measured`;
  return `${wanted}: ${missed === 0 ? "held" : `missed by ${number(missed)} ${bound.figure}`}`;
}

/** Tenths where they count. */
function number(value: number | undefined): string {
  if (value === undefined || Number.isNaN(value)) return "";
  return value < 10 && !Number.isInteger(value) ? value.toFixed(1) : value.toFixed(0);
}

const colours = { floor: "#8c8c8c", ours: "#1f77b4", peer: "#d9a441" };

/** Bars: how many times the floor; where a bound says how many, a line across. */
export function plot({ title, figure, rows }: Table): string {
  const [left, width, high, top] = [330, 420, 22, 34];
  const times = rows.map((row) => timesFloor(row, rows, figure));
  const bars = rows.flatMap((row, i) => {
    const value = times[i];
    return value === undefined ? [] : [{ row, value }];
  });
  const most = Math.max(1, ...bars.map(({ value }) => Math.min(value, 12)));
  const x = (value: number) => left + (Math.min(value, 12) / most) * width;
  const lines = bars.map(({ row, value }, i) => {
    const y = top + i * high;
    const bound = row.bounds?.find((one) => one.figure === figure)?.times;
    return [
      text(left - 8, y + 14, row.name, "end"),
      `<rect x="${left}" y="${y + 2}" width="${(x(value) - left).toFixed(1)}" height="${high - 6}" fill="${colours[row.kind]}"/>`,
      ...(bound === undefined
        ? []
        : [
            `<path d="M${x(bound).toFixed(1)} ${y}v${high - 2}" stroke="#c0392b" stroke-width="2"/>`,
          ]),
      text(x(value) + 6, y + 14, value.toFixed(2), "start"),
    ].join("\n");
  });
  const [w, h] = [left + width + 70, top + bars.length * high + 8];
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${w}" height="${h}" viewBox="0 0 ${w} ${h}" font-family="sans-serif" font-size="12" role="img">
<title>${escaped(title)}</title>
<rect width="${w}" height="${h}" fill="#ffffff"/>
${text(12, 20, `${title}: ${figure}, × floor (grey); Slipway blue, others yellow; red line: wanted`, "start")}
${lines.join("\n")}
</svg>
`;
}

function text(x: number, y: number, words: string, anchor: "start" | "end"): string {
  return `<text x="${x.toFixed(1)}" y="${y}" text-anchor="${anchor}">${escaped(words)}</text>`;
}

function escaped(words: string): string {
  return words.replaceAll("`", "").replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
