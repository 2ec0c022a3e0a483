// Changes the text size at once; the link does the same through the server.

const YEAR_SECONDS = 365 * 24 * 60 * 60;

export default function start(link) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    const size = link.dataset.textSizeChoice;
    document.documentElement.dataset.textSize = size;
    document.cookie = `text_size=${size}; path=/; max-age=${YEAR_SECONDS}; samesite=lax`;
    for (const other of document.querySelectorAll("[data-text-size-choice]")) {
      if (other === link) other.setAttribute("aria-current", "true");
      else other.removeAttribute("aria-current");
    }
  });
}
