// Paints the availability table by dragging a mouse or pen, and moves by arrow keys.
// A finger taps single cells, so that the page still scrolls under it.

const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export default function start(table) {
  let ink = null; // the state being painted, or null when nothing is held down
  let skipClick = null;

  table.addEventListener("pointerdown", (event) => {
    const box = boxAt(event.target);
    if (!box || event.pointerType === "touch" || event.button !== 0) return;
    ink = !box.checked;
    skipClick = box;
    set(box, ink);
  });
  table.addEventListener("pointerover", (event) => {
    const box = ink === null ? null : boxAt(event.target);
    if (box) set(box, ink);
  });
  window.addEventListener("pointerup", () => {
    ink = null;
  });
  // The click that ends a press on the first cell would undo what the press painted.
  table.addEventListener("click", (event) => {
    if (skipClick && event.detail > 0 && boxAt(event.target) === skipClick) event.preventDefault();
    skipClick = null;
  }, true);
  table.addEventListener("keydown", (event) => walk(table, event));
}

function boxAt(element) {
  return element.closest(".slot")?.querySelector("input") ?? null;
}

function set(box, checked) {
  if (box.checked === checked) return;
  box.checked = checked;
  box.dispatchEvent(new Event("input", { bubbles: true }));
}

function walk(table, event) {
  const step = STEPS[event.key];
  const cell = event.target.closest("td");
  if (!step || !cell) return;
  const rows = [...table.tBodies[0].rows];
  const row = rows[rows.indexOf(cell.parentElement) + step[1]];
  const next = row?.cells[cell.cellIndex + step[0]]?.querySelector("input");
  if (!next) return;
  event.preventDefault();
  next.focus();
}
