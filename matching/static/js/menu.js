// Browsers that cannot show a closed sheet as a row or a rail get it opened; Escape closes the sheet.

export default function start(sheet) {
  const summary = sheet.querySelector("summary");
  const wide = window.matchMedia(sheet.closest(".page-nav--rail") ? "(min-width: 72em)" : "(min-width: 56em)");
  if (!CSS.supports("selector(::details-content)") && wide.matches) sheet.open = true;
  sheet.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !sheet.open || wide.matches) return;
    sheet.open = false;
    summary.focus();
  });
}
