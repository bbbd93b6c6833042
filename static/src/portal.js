// What the browser adds where it can. Every page works without it.
import { Button, CharacterCount, createAll, ErrorSummary, NotificationBanner, PasswordInput, ServiceNavigation, SkipLink } from "govuk-frontend";

document.body.classList.add("js-enabled", "govuk-frontend-supported");

for (const Component of [ErrorSummary, NotificationBanner, ServiceNavigation, SkipLink, PasswordInput, CharacterCount]) {
  createAll(Component);
}
createAll(Button, { preventDoubleClick: true });

// A form is sent once. The button keeps its words and its place, and says to a screen reader that it is busy. It is free
// again after a while, so that nobody is stuck whose connection failed, and when somebody comes back with the Back button.
const free = (form) => {
  delete form.dataset.sent;
  for (const button of form.querySelectorAll("[aria-disabled]")) button.removeAttribute("aria-disabled");
};
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  event.submitter?.setAttribute("aria-disabled", "true");
  setTimeout(free, 8000, form);
});
window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(free));

// Escape hides the full name that a tile shows under the pointer or in focus.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const tile of document.querySelectorAll(".app-tile:hover, .app-tile:focus")) tile.classList.add("app-tile--quiet");
});
for (const type of ["pointerout", "focusout"]) {
  document.addEventListener(type, (event) => event.target.closest?.(".app-tile--quiet")?.classList.remove("app-tile--quiet"));
}

// The filter panel starts closed on a telephone and open beside the list; without JavaScript it is always open.
for (const panel of document.querySelectorAll("details.app-filters")) {
  if (window.matchMedia("(max-width: 40.0525em)").matches && !panel.dataset.used) panel.open = false;
}

// A passkey that did not answer, or was cancelled, is said at its button.
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const place = document.querySelector("[data-key-failed]");
  if (place) place.textContent = place.dataset.keyFailed;
});
