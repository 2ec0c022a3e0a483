// j and k walk the worklist across its groups, Enter opens (the link has the focus).

let listening = false;

export default function start() {
  if (listening) return;
  listening = true;
  document.addEventListener("keydown", (event) => {
    const step = { j: 1, k: -1 }[event.key];
    if (document.documentElement.dataset.keys === "off") return;
    if (!step || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    move(step);
    event.preventDefault();
  });
}

function isTyping(element) {
  return element.matches("input:not([type=checkbox], [type=radio]), select, textarea, [contenteditable]");
}

function move(step) {
  const items = [...document.querySelectorAll("[data-worklist-item]")];
  if (items.length === 0) return;
  const now = items.findIndex((item) => item.contains(document.activeElement));
  const first = step > 0 ? 0 : items.length - 1;
  const next = now < 0 ? first : Math.min(Math.max(now + step, 0), items.length - 1);
  items[next].querySelector("a")?.focus();
  items[next].scrollIntoView({ block: "nearest" });
}
