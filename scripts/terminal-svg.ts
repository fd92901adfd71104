/** What a terminal shows, as a picture. */

/** Lines as they stand when all is written: what a line was before it was written over is gone, and a long one is two. */
export function screenOf(text: string, columns: number): readonly string[] {
  const lines = text.replaceAll("\r\n", "\n").split("\n");
  const last = lines.map((line) =>
    line.slice(line.lastIndexOf("\r") + 1).replaceAll("\u001b[2K", ""),
  );
  while (last.at(-1)?.trim() === "") last.pop();
  return last.flatMap((line) => wrapped(line, columns));
}

/** Signs that set colours take no room. */
function wrapped(line: string, columns: number): readonly string[] {
  const rows = [""];
  let taken = 0;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are the colours
  for (const [part] of line.matchAll(/\u001b\[\d+m|./gu)) {
    const isSign = part.length > 1 && part.startsWith("\u001b");
    if (!isSign && taken === columns) {
      rows.push("");
      taken = 0;
    }
    if (!isSign) taken += 1;
    rows.push((rows.pop() ?? "") + part);
  }
  return rows;
}

const colours: { readonly [code: string]: string } = {
  "31": "#ff8a80",
  "32": "#8bd49c",
  "33": "#f2c66d",
  "34": "#8ab4f8",
  "36": "#7fd6d6",
};

export type PictureOptions = {
  /** How wide the terminal is. */
  readonly columns: number;
  /** For who does not see the picture. */
  readonly title: string;
};

const columnPx = 7.85;
const rowPx = 19;
const edgePx = 18;

/** An SVG of a dark window with these lines. Signs that set bold, dim and colours are obeyed, and no others. */
export function terminalSvg(lines: readonly string[], { columns, title }: PictureOptions): string {
  const width = Math.ceil(columns * columnPx + 2 * edgePx);
  const height = lines.length * rowPx + 2 * edgePx;
  const rows = lines.map(
    (line, i) =>
      `<text x="${edgePx}" y="${edgePx + (i + 0.75) * rowPx}" xml:space="preserve">${spans(line)}</text>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" font-family="ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace" font-size="13" fill="#e6e6e6">
<title>${escaped(title)}</title>
<rect width="100%" height="100%" rx="8" fill="#17191d"/>
${rows.join("\n")}
</svg>
`;
}

function spans(line: string): string {
  let bold = false;
  let dim = false;
  let colour: string | undefined;
  return (
    line
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are the colours
      .split(/(\u001b\[\d+m)/)
      .map((part) => {
        // biome-ignore lint/suspicious/noControlCharactersInRegex: they are the colours
        const [, code] = /^\u001b\[(\d+)m$/.exec(part) ?? [];
        if (code === undefined) return part === "" ? "" : span(part, { bold, dim, colour });
        if (code === "1") bold = true;
        else if (code === "2") dim = true;
        else if (code === "22") bold = dim = false;
        else colour = colours[code];
        return "";
      })
      .join("")
  );
}

type Look = { readonly bold: boolean; readonly dim: boolean; readonly colour: string | undefined };

function span(text: string, { bold, dim, colour }: Look): string {
  const look = [
    ...(bold ? ['font-weight="bold"'] : []),
    ...(dim ? ['fill-opacity="0.6"'] : []),
    ...(colour === undefined ? [] : [`fill="${colour}"`]),
  ];
  return look.length === 0 ? escaped(text) : `<tspan ${look.join(" ")}>${escaped(text)}</tspan>`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
