// Asks now and then whether the list has changed, and says so; the list itself stays where it is.

const EVERY_SECONDS = 30;
const CHANGED = 205;

export default function start(notice) {
  const timer = setInterval(async () => {
    if (document.hidden) return;
    const answer = await fetch(notice.dataset.news, { redirect: "manual" }).catch(() => null);
    if (answer?.status !== CHANGED) return;
    notice.hidden = false;
    clearInterval(timer);
  }, EVERY_SECONDS * 1000);
}
