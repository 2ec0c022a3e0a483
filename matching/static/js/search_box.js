// "/" goes to the search box from anywhere on the page; Escape puts the panel of finds away.

export default function start(form) {
  const input = form.querySelector("input[type=search]");
  const panel = form.querySelector(".search-box__found");
  const away = () => panel.replaceChildren();
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && panel.firstChild) {
      event.preventDefault(); // or the browser would empty the box as well
      away();
      input.focus();
    } else if (document.documentElement.dataset.keys === "off") {
      return;
    } else if (event.key === "/" && !isTyping(event.target) && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      input.focus();
      input.select();
    }
  });
  document.addEventListener("click", (event) => {
    if (!form.contains(event.target)) away();
  });
  form.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !form.contains(event.relatedTarget)) away();
  });
}

function isTyping(element) {
  return element.matches("input:not([type=checkbox], [type=radio]), select, textarea, [contenteditable]");
}
