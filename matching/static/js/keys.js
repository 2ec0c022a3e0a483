// Keys for a form that is typed while somebody talks: send, jump to the name or the request, look up.

const JUMPS = { KeyN: "requester_name", KeyK: "title" };

export default function start(form) {
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches("input:not([type=submit])") && !event.ctrlKey) {
      event.preventDefault(); // a stray Enter must not file a call that is still going on
    }
    if (event.key === "Enter" && event.ctrlKey) form.requestSubmit();
    if (!event.altKey) return;
    const name = JUMPS[event.code];
    if (name) form.elements[name].focus();
    else if (event.code === "KeyS") form.requestSubmit(form.querySelector("[formaction='/desk/intake/look']"));
    else return;
    event.preventDefault();
  });
}
