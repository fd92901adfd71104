/**
 * Keeps a page that is open up to date: takes sections that have changed, and changes in the page
 * only the differences, so that the visitor's choices and the place of reading stay. Without it
 * each page says the same when it is loaded again.
 */
export const script = `
(() => {
  const main = document.getElementById("main");
  const live = document.getElementById("live");
  const say = (words, off) => { if (live.textContent !== words) { live.textContent = words; live.className = off ? "off" : ""; } };
  const sync = (from, to) => {
    if (from.nodeType !== to.nodeType || from.nodeName !== to.nodeName) return from.replaceWith(to);
    if (from.nodeType !== 1) { if (from.nodeValue !== to.nodeValue) from.nodeValue = to.nodeValue; return; }
    for (const { name } of [...from.attributes])
      if (name !== "open" && !to.hasAttribute(name)) from.removeAttribute(name);
    for (const { name, value } of to.attributes)
      if (name !== "open" && from.getAttribute(name) !== value) from.setAttribute(name, value);
    const old = [...from.childNodes], fresh = [...to.childNodes];
    fresh.forEach((node, i) => (old[i] ? sync(old[i], node) : from.append(node)));
    old.slice(fresh.length).forEach((node) => node.remove());
  };
  const source = new EventSource(main.dataset.live);
  source.addEventListener("open", () => say("Live"));
  source.addEventListener("error", () => say("Not live: trying again", true));
  source.addEventListener("away", (event) => say(JSON.parse(event.data), true));
  source.addEventListener("sections", (event) => {
    say("Live");
    for (const [id, text] of JSON.parse(event.data)) {
      const section = document.getElementById(id);
      if (!section) return location.reload();
      const made = document.createElement("template");
      made.innerHTML = text;
      sync(section, made.content.firstElementChild);
    }
  });
  addEventListener("pagehide", () => source.close());
})();
`;
