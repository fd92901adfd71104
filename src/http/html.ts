/** The pages, as text. */
import type { RepoReadiness } from "../index.ts";

type PendingFacts = {
  readonly app: string;
  readonly repos: readonly RepoReadiness[];
  readonly token: string;
};
type RanFacts = { readonly app: string; readonly lines: readonly string[] };
type FailureFacts = RanFacts & { readonly message: string; readonly hint: string };

/**
 * The page with the pending migrations and the button, or with the words that nothing is pending.
 */
export function pendingPage({ app, repos, token }: PendingFacts): string {
  const waiting = repos.filter((repo) => repo.pending.length + repo.later.length > 0);
  if (waiting.length === 0) return page(app, `<h1>${escaped(app)}: nothing is pending</h1>`);
  return page(
    app,
    `<h1>${escaped(app)}: migrations are pending</h1>
${waiting.map(repoList).join("\n")}
<form method="post"><input type="hidden" name="token" value="${escaped(token)}"><button>Run the migrations</button></form>`,
  );
}

/** The page with the log of the migrations that ran. */
export function ranPage({ app, lines }: RanFacts): string {
  return page(app, `<h1>${escaped(app)}: migrated</h1>${log(lines)}${again}`);
}

/** The page with the error, and the log of what ran before it. */
export function failurePage({ app, message, hint, lines }: FailureFacts): string {
  return page(
    app,
    `<h1>${escaped(app)}: it did not work</h1><p class="error">${escaped(message)}</p><p>${escaped(hint)}</p>${log(lines)}${again}`,
  );
}

const again = '<p><a href="">Look again</a></p>';

function repoList({ repo, pending, later }: RepoReadiness): string {
  const items = [...pending, ...later].map(
    ({ version, name }) => `<li><code>${escaped(version)}</code> ${escaped(name)}</li>`,
  );
  return `<h2>${escaped(repo)}</h2><ul>${items.join("")}</ul>`;
}

function log(lines: readonly string[]): string {
  return lines.length === 0 ? "" : `<pre>${escaped(lines.join("\n"))}</pre>`;
}

const style =
  ":root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:46rem;margin:3rem auto;padding:0 1rem}h1{font-size:1.4rem}h2{font-size:1rem}button{font:inherit;padding:.5rem 1rem;cursor:pointer}pre{overflow:auto;padding:1rem;border:1px solid}.error{font-weight:bold;white-space:pre-wrap}";

function page(app: string, body: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(app)}: migrations</title><style>${style}</style></head>
<body>${body}</body></html>
`;
}

function escaped(text: string): string {
  const names: { readonly [character: string]: string } = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "'": "&#39;",
  };
  return text.replace(/[&<>"']/g, (character) => names[character] ?? "");
}
