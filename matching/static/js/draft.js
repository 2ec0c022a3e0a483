// Keeps what was typed until it is sent. Session storage only: the family or the library shares this PC.

const NEVER = ["password", "hidden", "file", "submit"];
const SENT = "draft-sent";

export default function start(form) {
  const key = `draft:${form.dataset.draft}`;
  const fields = () => [...form.elements].filter((field) => field.name && !NEVER.includes(field.type));
  if (!form.querySelector("[aria-invalid=true]")) restore(fields(), read(key));
  form.addEventListener("input", () => write(key, collect(fields())));
  form.addEventListener("submit", () => write(SENT, key));
}

// Called on every page after a sending: a page without that form means it was accepted.
export function settle() {
  const key = read(SENT);
  const still = [...document.querySelectorAll("[data-draft]")].some((form) => `draft:${form.dataset.draft}` === key);
  if (!still) forget(key);
  forget(SENT);
}

function collect(fields) {
  return fields.map((field) => {
    const choice = ["checkbox", "radio"].includes(field.type);
    return { name: field.name, mark: choice ? field.value : null, value: choice ? field.checked : field.value };
  });
}

function restore(fields, draft) {
  for (const kept of draft ?? []) {
    const field = fields.find((one) => one.name === kept.name && (kept.mark === null || one.value === kept.mark));
    if (!field) continue;
    if (kept.mark !== null) field.checked = kept.value;
    else if (field.value === "") field.value = kept.value;
  }
}

function read(key) {
  try {
    return JSON.parse(sessionStorage.getItem(key));
  } catch {
    return null; // storage switched off, or something else wrote there: nothing to restore
  }
}

function write(key, value) {
  try {
    sessionStorage.setItem(key, JSON.stringify(value));
  } catch {
    // Storage is full or switched off: the page works as before, only without the draft.
  }
}

function forget(key) {
  try {
    sessionStorage.removeItem(key);
  } catch {
    // Nothing was kept.
  }
}
