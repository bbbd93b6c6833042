// What the browser adds where it can. Every page works without it.
import { Button, CharacterCount, createAll, ErrorSummary, FileUpload, NotificationBanner, PasswordInput, ServiceNavigation, SkipLink } from "govuk-frontend";

document.body.classList.add("js-enabled", "govuk-frontend-supported");

for (const Component of [ErrorSummary, FileUpload, NotificationBanner, ServiceNavigation, SkipLink, PasswordInput, CharacterCount]) {
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

// The filter panel starts closed on a telephone, so that what was found is on the first screen, and open beside the list;
// without JavaScript it is always open.
for (const panel of document.querySelectorAll("details.app-filters__panel")) {
  if (window.matchMedia("(max-width: 40.0525em)").matches && !panel.dataset.refused) panel.open = false;
}

// Who opens the search box on a telephone types next.
document.querySelector("#site-search")?.addEventListener("toggle", (event) => {
  if (event.newState === "open") event.target.querySelector("input").focus();
});

// A passkey that did not answer, or was cancelled, is said at its button.
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const place = document.querySelector("[data-key-failed]");
  if (place) place.textContent = place.dataset.keyFailed;
});

// A question that only some choices ask for is hidden under the others, unless something stands in it. Without JavaScript
// it is there all the time, and its hint says when it is needed.
for (const part of document.querySelectorAll("[data-asked-for]")) {
  const form = part.closest("form");
  const wanted = part.dataset.askedFor.split(" ");
  const boxes = [...part.querySelectorAll("textarea, input:not([type=hidden])")];
  const look = () => {
    const chosen = form.querySelector(`input[name=${part.dataset.askedBy ?? "status"}]:checked`);
    const filled = boxes.some((box) => box.value.trim()) || part.querySelector(".govuk-error-message");
    part.hidden = !filled && !wanted.includes(chosen?.value);
  };
  form.addEventListener("change", look);
  window.addEventListener("pageshow", look);
  look();
}

// The screens of a meeting follow each other by the arrow keys, unless they are wanted for something else.
if (document.querySelector("[data-screens]")) {
  document.addEventListener("keydown", (event) => {
    const rel = { ArrowLeft: "prev", ArrowRight: "next" }[event.key];
    if (!rel || event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (event.target.closest("input, textarea, select, summary, [contenteditable]")) return;
    document.querySelector(`[data-screens] a[rel=${rel}]`)?.click();
  });
}

// What is typed into a form with data-keep is kept on the way: after a pause, and when the page is left. The server
// answers 204 and says when; anything else means that it was not kept, and the line under the form says so.
for (const form of document.querySelectorAll("form[data-keep]")) {
  const line = form.querySelector("[data-kept]");
  const say = (text) => {
    if (line && line.textContent !== text) line.textContent = text;
  };
  let waiting = 0;
  let changed = false;
  let running = null;

  const body = () => {
    const fields = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (typeof value === "string") fields.append(name, value);
    fields.set("act", "keep");
    return fields;
  };
  // Somebody who has signed in again in another window has a new token; this page still holds the old one.
  const renew = async () => {
    const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
    const token = page.querySelector("form[data-keep] [name=csrfmiddlewaretoken]")?.value;
    for (const box of document.querySelectorAll("[name=csrfmiddlewaretoken]")) if (token) box.value = token;
    return Boolean(token);
  };
  const keep = async (last = false, again = true) => {
    clearTimeout(waiting);
    if (!changed) return;
    changed = false;
    running?.abort();
    running = new AbortController();
    try {
      const answer = await fetch(form.action, { method: "POST", body: body(), keepalive: last, signal: running.signal });
      if (answer.status === 204) {
        say(`Kept at ${answer.headers.get("Kept-At")}. Only you can see it until you save or send it.`);
      } else if (answer.redirected) {
        say("You have been signed out. Press Save draft to sign in again and get back what you typed.");
      } else if (answer.status === 403 && again && (await renew())) {
        changed = true;
        await keep(last, false);
      } else {
        const ours = answer.headers.get("Content-Type")?.startsWith("text/plain");
        say(ours ? await answer.text() : "What you typed could not be kept. Press Save draft to be safe.");
      }
    } catch (problem) {
      if (problem.name === "AbortError") return;
      changed = true;
      say("There is no connection, so what you typed has not been kept yet. We will try again.");
      waiting = setTimeout(keep, 10000);
    }
  };
  form.addEventListener("input", () => {
    changed = true;
    clearTimeout(waiting);
    waiting = setTimeout(keep, 1500);
  });
  form.addEventListener("submit", (event) => {
    // Without a connection the browser would put its own page in the place of what was typed.
    if (!navigator.onLine) {
      event.preventDefault();
      say("There is no connection, so nothing was sent. What you typed is still here. Send it again once you are connected.");
      return;
    }
    changed = false;
    clearTimeout(waiting);
    running?.abort();
  });
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && keep(true));
  window.addEventListener("pagehide", () => keep(true));
}
