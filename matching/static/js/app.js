// Loads a small module only where the page asks for it. Every page works without any of them.

const behaviours = [
  ["[data-once]", "./once.js"],
  ["[data-draft]", "./draft.js"],
  ["[data-focus-first]", "./focus_first.js"],
  ["[data-text-size-choice]", "./text_size.js"],
  ["[data-worklist]", "./worklist.js"],
  ["[data-search-box]", "./search_box.js"],
  ["[data-news]", "./news.js"],
  ["[data-postal]", "./postal.js"],
  ["[data-paint]", "./paint.js"],
  ["[data-leave]", "./leave.js"],
  ["[data-keys]", "./keys.js"],
  ["[data-passkey]", "./passkey.js"],
  ["[data-quiet]", "./quiet.js"],
  ["[data-menu]", "./menu.js"],
  ["[data-bulk]", "./bulk.js"],
];

const HTMX = "../vendor/htmx-2.0.11/htmx.min.js";
const ASKS_HTMX = "[data-hx-get], [data-hx-post], [data-hx-trigger], [data-hx-boost]";

// htmx reads its settings when the document is complete; added in between it would never start.
function loadHtmx() {
  if (document.readyState !== "complete") {
    window.addEventListener("load", loadHtmx, { once: true });
    return;
  }
  if (!document.querySelector(ASKS_HTMX)) return;
  const script = document.createElement("script");
  script.src = new URL(HTMX, import.meta.url);
  script.addEventListener("load", repeatWhatWasTyped);
  document.head.append(script);
}

// Who types faster than scripts arrive, a number while the telephone rings, is heard all the same.
function repeatWhatWasTyped() {
  for (const asking of document.querySelectorAll(ASKS_HTMX)) {
    const fields = asking.elements ?? [asking];
    const typed = [...fields].find((field) => field.value && field.defaultValue !== undefined && field.value !== field.defaultValue);
    typed?.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

async function enliven(root) {
  for (const [selector, path] of behaviours) {
    const found = [...root.querySelectorAll(selector)];
    if (root.matches?.(selector)) found.unshift(root);
    if (found.length === 0) continue;
    const { default: start } = await import(path);
    for (const element of found) {
      if (element.dataset.enlivened?.split(" ").includes(path)) continue;
      element.dataset.enlivened = `${element.dataset.enlivened ?? ""} ${path}`.trim();
      start(element);
    }
  }
}

async function settleDraft() {
  try {
    if (!sessionStorage.getItem("draft-sent")) return;
  } catch {
    return; // storage is switched off, so no draft was kept
  }
  const { settle } = await import("./draft.js");
  settle();
}

settleDraft();
enliven(document);
loadHtmx();
document.addEventListener("htmx:load", (event) => enliven(event.detail.elt));
