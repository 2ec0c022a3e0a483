// Shift chooses a range of boxes; the line above the button says how many are chosen.

export default function start(form) {
  const boxes = () => [...document.querySelectorAll(`[data-bulk-pick][form="${form.id}"]`)];
  const told = form.querySelector("[data-bulk-count]");
  let last = null;

  function tell() {
    const count = boxes().filter((box) => box.checked).length;
    told.textContent = count ? told.dataset.bulkCount.replace("0", count) : "";
  }

  document.addEventListener("click", (event) => {
    const box = event.target.closest?.("[data-bulk-pick]");
    if (!box) return;
    const all = boxes();
    if (event.shiftKey && last) {
      const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b);
      for (const each of all.slice(from, to + 1)) each.checked = box.checked;
    }
    last = box;
    tell();
  });

  const every = form.querySelector("[data-bulk-every]");
  every.hidden = false;
  every.addEventListener("click", () => {
    const all = boxes();
    const on = !all.every((box) => box.checked);
    for (const box of all) box.checked = on;
    tell();
  });

  tell(); // coming back, the browser has ticked them again
}
