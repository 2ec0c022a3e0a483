// Fills the town from the postal code. The field says where: data-postal="id of the town field".
// The answer of /places/postal/CODE is {"towns": [{"address": "…"}]}; without one the person types the town.

const LENGTH = 7;

export default function start(field) {
  const town = document.getElementById(field.dataset.postal);
  if (!town) return;
  const list = suggestions(town);
  let asked = "";
  field.addEventListener("input", async () => {
    const code = digits(field.value);
    if (code.length !== LENGTH || code === asked) return;
    asked = code;
    const towns = await ask(code);
    if (digits(field.value) !== code) return; // an answer that came too late
    list.replaceChildren(...towns.map((name) => new Option(name, name)));
    if (towns.length === 1 && town.value === "") {
      town.value = towns[0];
      town.dispatchEvent(new Event("input", { bubbles: true }));
    }
  });
}

function digits(text) {
  return text.normalize("NFKC").replace(/\D/g, "");
}

async function ask(code) {
  try {
    const answer = await fetch(`/places/postal/${code}`, { headers: { Accept: "application/json" } });
    return answer.ok ? ((await answer.json()).towns ?? []).map((town) => town.address) : [];
  } catch {
    return []; // offline: the town is typed by hand as before
  }
}

function suggestions(town) {
  const list = document.createElement("datalist");
  list.id = `${town.id}-towns`;
  town.after(list);
  town.setAttribute("list", list.id);
  return list;
}
