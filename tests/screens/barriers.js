// What axe says of a page as it now stands, without judging again what cannot have changed.
//
// An element is known when one like it was judged before, on this page or another: the same tag,
// attributes (digits, addresses and names aside), words or none, and the same ancestors up to the
// page with its language. Its look is that with colours and sizes as computed, too.
// - Every rule but those below: when an element is shown that is not known; ACROSS, which compares
//   elements with each other: in each set of elements that are shown.
// - Colour: for texts and links whose look is not known (axe needs most of its time for it).
// - SIZES: at the widths asked for. SCROLLING: at every width and text size.
// - FETCHING needs the stylesheets, the same on every page: once, with `whole`.
(() => {
  const ACROSS = ["heading-order", "page-has-heading-one", "region", "landmark-unique",
    "landmark-one-main", "landmark-no-duplicate-main", "landmark-no-duplicate-banner",
    "landmark-no-duplicate-contentinfo", "duplicate-id-aria", "bypass", "skip-link",
    "document-title", "empty-heading", "label-title-only"];
  const COLOURS = ["color-contrast", "link-in-text-block"];
  const SIZES = "target-size";
  const SCROLLING = "scrollable-region-focusable";
  const FETCHING = "css-orientation-lock";
  const PASSING = /^(id|href|for|name|value|action|src|content|datetime|d|points|x|y|data-.*|aria-(labelledby|describedby|controls|owns))$/;
  const known = new Set();
  const places = new Set();
  const added = [];

  const isNew = (look) => !known.has(look) && Boolean(known.add(look) && added.push(look));

  function short(text) {
    let [one, two] = [0x811c9dc5, 0x1000193];
    for (let at = 0; at < text.length; at += 1) {
      one = Math.imul(one ^ text.charCodeAt(at), 0x01000193);
      two = Math.imul(two ^ text.charCodeAt(at), 0x85ebca6b);
    }
    return (one >>> 0).toString(36) + (two >>> 0).toString(36);
  }

  const writes = (element) =>
    [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
  let speaking = new Set(); // elements with words that are shown

  function listen(shown) {
    speaking = new Set();
    for (const each of shown.filter(writes)) {
      for (let at = each; at && !speaking.has(at); at = at.parentElement) speaking.add(at);
    }
  }

  function built(element) {
    const attributes = [...element.attributes].map(({ name, value }) =>
      PASSING.test(name) || name === "aria-label" ? `${name} ${value.trim() ? 1 : 0}` :
        `${name}=${value.replace(/\d+/g, "#")}`);
    return [element.localName, ...attributes, speaking.has(element) ? 1 : 0].join(" ");
  }

  function coloured(element) {
    const style = getComputedStyle(element);
    return `${built(element)} ${style.color} ${style.backgroundColor} ${style.backgroundImage} ${
      style.opacity}`;
  }

  function chains(described, start) {
    const told = new Map([[null, start]]);
    return function chain(element) {
      if (!told.has(element)) {
        told.set(element, short(`${chain(element.parentElement)} > ${described(element)}`));
      }
      return told.get(element);
    };
  }

  function looksNew(shown, colours) {
    const chain = chains(coloured, colours);
    return shown.filter((element) => {
      if (!writes(element) && !element.matches("input, select, textarea, a")) return false;
      const { fontSize, fontWeight } = getComputedStyle(element);
      return isNew(short(`${chain(element)} ${fontSize} ${fontWeight}`));
    });
  }

  async function asked(where, wanted) {
    const told = await axe.run(where, { resultTypes: ["violations"], preload: false, ...wanted });
    return told.violations;
  }

  function rulesFor(unknown, picture, sizes, whole) {
    const off = Object.fromEntries([...COLOURS, SIZES, FETCHING].map((id) => [id, { enabled: false }]));
    if (sizes) delete off[SIZES];
    if (whole) delete off[FETCHING];
    if (unknown) return { rules: off, preload: whole };
    const place = `${window.innerWidth} ${document.documentElement.dataset.textSize}`;
    const rules = places.has(picture) ? [] : [...ACROSS];
    if (!places.has(`${place} ${picture}`)) rules.push(SCROLLING);
    if (sizes) rules.push(SIZES);
    places.add(picture).add(`${place} ${picture}`);
    return rules.length ? { runOnly: rules } : null;
  }

  window.looksKnown = (before) => before.forEach((look) => known.add(look));
  window.looksAdded = () => added;
  window.barriers = async (colours, sizes, whole) => {
    const all = [...document.body.querySelectorAll("*")];
    const shown = all.filter((each) => each.checkVisibility({ visibilityProperty: true }));
    const visible = new Set(shown);
    listen(shown);
    const picture = short(all.map((each) => (visible.has(each) ? 1 : 0)).join(""));
    const chain = chains(built, "built");
    const unknown = shown.filter((each) => isNew(chain(each))).length;
    const rules = rulesFor(unknown, picture, sizes, whole);
    const found = rules ? await asked(document, rules) : [];
    const texts = looksNew(shown, colours);
    if (texts.length) found.push(...(await asked({ include: texts }, { runOnly: COLOURS })));
    return found.map((each) => [each.id, each.nodes.slice(0, 3).map((node) => node.target[0])]);
  };
})();
