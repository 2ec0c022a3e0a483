// Logging out takes the drafts along: the next person at this PC finds nothing.

export default function start(form) {
  form.addEventListener("submit", () => {
    try {
      sessionStorage.clear();
    } catch {
      // Storage is switched off: there is nothing to take along.
    }
  });
}
