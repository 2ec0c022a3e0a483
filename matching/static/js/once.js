// Sends a form once, however often the button is pressed. The server's request key is the real net.

export default function start(form) {
  let sent = false;
  form.addEventListener("submit", (event) => {
    if (sent) {
      event.preventDefault();
      return;
    }
    sent = true;
    // After the submit event, so that the pressed button's own value still goes along.
    setTimeout(() => mark(form, true));
  });
  const release = () => {
    sent = false;
    mark(form, false);
  };
  window.addEventListener("pageshow", (event) => event.persisted && release());
  form.addEventListener("htmx:afterRequest", release);
}

function mark(form, waiting) {
  for (const button of form.querySelectorAll("button[type=submit]")) {
    if (waiting) button.setAttribute("aria-disabled", "true");
    else button.removeAttribute("aria-disabled");
  }
}
