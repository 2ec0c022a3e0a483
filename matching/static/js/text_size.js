// Changes the text size at once; the link's own address keeps it, as it does without this.

export default function start(link) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    document.documentElement.dataset.textSize = link.dataset.textSizeChoice;
    fetch(link.href, { redirect: "manual" }).catch(() => null);
    for (const other of document.querySelectorAll("[data-text-size-choice]")) {
      if (other === link) other.setAttribute("aria-current", "true");
      else other.removeAttribute("aria-current");
    }
  });
}
