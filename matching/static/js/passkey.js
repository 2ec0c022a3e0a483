// Asks the browser for a passkey and sends its answer with the form. Without this the code of the app does.

const BINARY = { create: ["challenge", "user.id"], get: ["challenge"] };

export default function start(form) {
  if (!window.PublicKeyCredential) return;
  const kind = form.dataset.passkey;
  let ready = false;
  form.hidden = false;
  form.addEventListener(
    "submit",
    async (event) => {
      if (ready) return;
      event.preventDefault();
      event.stopImmediatePropagation(); // not sent yet, so that it can be tried again
      try {
        const made = await navigator.credentials[kind]({ publicKey: question(form.dataset.options, kind) });
        form.elements.key.value = JSON.stringify(answer(made));
      } catch {
        form.querySelector(".passkey-failed").hidden = false; // cancelled, or no such key here
        return;
      }
      ready = true;
      form.requestSubmit();
    },
    { capture: true },
  );
}

function question(text, kind) {
  const options = JSON.parse(text);
  for (const path of BINARY[kind]) {
    const [outer, inner] = path.split(".");
    if (inner) options[outer][inner] = bytes(options[outer][inner]);
    else options[outer] = bytes(options[outer]);
  }
  for (const known of options.allowCredentials ?? options.excludeCredentials ?? []) known.id = bytes(known.id);
  return options;
}

function answer(made) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (made.response[name]) response[name] = letters(made.response[name]);
  }
  return { id: made.id, rawId: letters(made.rawId), type: made.type, response, clientExtensionResults: {} };
}

function bytes(text) {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

function letters(buffer) {
  const plain = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}
