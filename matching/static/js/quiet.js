// Says before a quiet session ends, and keeps it awake on request. Typed text stays where it is either way.

const WARN_SECONDS = 300;

export default function start(notice) {
  const seconds = Number(notice.dataset.quiet);
  let timer = 0;
  const wait = () => {
    clearTimeout(timer);
    notice.hidden = true;
    timer = setTimeout(() => {
      notice.hidden = false;
    }, (seconds - WARN_SECONDS) * 1000);
  };
  notice.querySelector("button").addEventListener("click", async () => {
    const answer = await fetch("/account/stay", { redirect: "manual" }).catch(() => null);
    if (answer?.status === 204) wait();
    else notice.querySelector("[data-quiet-over]").hidden = false;
  });
  document.addEventListener("htmx:afterRequest", wait);
  wait();
}
