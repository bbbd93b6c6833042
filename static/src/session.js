// Warns before a session ends, on pages with a form, and saves what is typed. Without JavaScript nothing changes: the
// server signs people out as it always did. Requests of this script say that they are no sign of a person
// (Session-Use: no), so that an open page does not keep anybody signed in.
const dialog = document.querySelector("dialog[data-session]");
const forms = [...document.querySelectorAll("main form")].filter((form) => form.method === "post");
const page = location.pathname;
const mark = `typed:${page}`;
const TYPING = 60_000; // whoever typed within this time is there: they are not asked

if (dialog && forms.length) {
  const part = (name) => dialog.querySelector(`[data-session-${name}]`);
  const other = new BroadcastChannel("session");
  const own = () => forms.filter((form) => !("keep" in form.dataset)); // the others are saved as they are typed
  const touched = new Set();
  let person = dialog.dataset.person;
  let endsAt = 0;
  let warned = 0;
  let canStay = true;
  let typedAt = 0;
  let saved = false; // true, or null if it could not be
  let timer = 0;
  let ticking = 0;

  const token = () => document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
  const ask = async (act = "", fields = new URLSearchParams(), more = {}) => {
    const headers = act === "stay" ? {} : { "Session-Use": "no" };
    if (!act) return (await fetch(dialog.dataset.session, { headers })).json();
    fields.set("act", act);
    fields.set("page", page);
    fields.set("csrfmiddlewaretoken", token());
    const answer = await fetch(dialog.dataset.session, { method: "POST", body: fields, headers, ...more });
    if (!answer.ok) throw new Error(answer.status);
    return answer.json();
  };

  // What is typed into forms that the server does not know yet. Passwords and files are never read.
  const boxes = (form) =>
    [...form.elements].filter((box) => box.name && !["hidden", "password", "file", "submit", "button"].includes(box.type));
  const typed = () => {
    const fields = new URLSearchParams();
    for (const form of own().filter((one) => touched.has(one))) {
      for (const box of boxes(form)) {
        const ticked = ["checkbox", "radio"].includes(box.type);
        if (!ticked || box.checked) fields.append(`${forms.indexOf(form)}:${box.name}`, box.value);
      }
    }
    return fields;
  };
  const save = async () => {
    const fields = typed();
    if (![...fields].length) return touched.size > 0; // into a form that is saved as it is typed
    await ask("keep", fields);
    localStorage.setItem(mark, person);
    return true;
  };
  const giveBack = async () => {
    if (localStorage.getItem(mark) !== person) return;
    localStorage.removeItem(mark);
    const { fields } = await ask("restore");
    let filled = null;
    for (const [name, values] of Object.entries(fields ?? {})) {
      const form = forms[Number(name.split(":", 1)[0])];
      if (!form) continue;
      for (const box of boxes(form).filter((one) => name === `${forms.indexOf(form)}:${one.name}`)) {
        if (["checkbox", "radio"].includes(box.type)) box.checked = values.includes(box.value);
        else box.value = values[0];
        box.closest("details")?.setAttribute("open", "");
        filled ??= form;
      }
    }
    if (!filled) return;
    touched.add(filled);
    const words = document.createElement("p");
    words.className = "govuk-inset-text";
    words.setAttribute("role", "status");
    filled.prepend(words);
    words.textContent = "This is what you typed here before. It has not been sent yet.";
  };

  const minutes = (left) => {
    const number = Math.ceil(left / 60_000);
    return left < 60_000 ? "less than a minute" : `${number} minute${number === 1 ? "" : "s"}`;
  };
  const show = (title, words, saved, buttons) => {
    part("title").textContent = title;
    part("words").textContent = words;
    part("saved").textContent = saved;
    for (const name of ["stay", "again", "close"]) part(name).hidden = !buttons.includes(name);
    if (!dialog.open) dialog.showModal();
    else if (!dialog.contains(document.activeElement) || document.activeElement.hidden) part(buttons[0]).focus();
  };
  const close = () => {
    clearInterval(ticking);
    if (dialog.open) dialog.close();
  };

  // What the server says: when the session ends, and whose it is. A page of somebody else's is left alone.
  const hear = (answer) => {
    if (answer.person && String(answer.person) !== person) return false;
    for (const box of answer.token ? document.querySelectorAll("[name=csrfmiddlewaretoken]") : []) box.value = answer.token;
    endsAt = Date.now() + answer.left * 1000;
    warned = (answer.warned ?? 0) * 1000;
    canStay = answer.can_stay ?? false;
    return true;
  };
  const plan = () => {
    clearTimeout(timer);
    timer = setTimeout(check, Math.max(endsAt - warned - Date.now(), 0) + 50);
  };
  const stay = async () => {
    close();
    if (canStay && hear(await ask("stay"))) {
      other.postMessage("stay");
      plan();
    }
  };
  const ended = () => {
    clearInterval(ticking);
    clearTimeout(timer);
    const unsaved = !saved && touched.size > 0;
    part("again").href = `${dialog.dataset.signIn}?next=${encodeURIComponent(page + location.search)}`;
    part("again").target = unsaved ? "_blank" : "";
    const words = {
      true: "What you typed has been saved. Sign in again to carry on.",
      false: "Sign in again to carry on.",
    };
    const here = "What you typed is still on this page. Sign in again in a new tab, then come back here and send it.";
    show("You have been signed out", "You had not used the portal for a while.", unsaved ? here : words[saved === true], ["again"]);
  };
  const WORDS_SAVED = {
    true: "What you have typed on this page has been saved.",
    false: "",
    null: "What you typed on this page could not be saved. Send it now, or copy it.",
  };
  const tell = () => {
    const left = endsAt - Date.now();
    if (left <= 0) {
      clearInterval(ticking);
      check();
      return;
    }
    const words = canStay
      ? `You will be signed out in ${minutes(left)}, because you have not used the portal for a while.`
      : `You will be signed out in ${minutes(left)}, because you signed in a long time ago. Finish what you are doing, or sign in again.`;
    if (dialog.open && part("words").textContent === words) return;
    part("left").textContent = dialog.open ? words : ""; // said aloud once a minute; at first the dialog itself is read
    show(canStay ? "Are you still there?" : "Your session is about to end", words, WORDS_SAVED[saved], canStay ? ["stay"] : ["close"]);
  };
  const warn = async () => {
    try {
      saved = await save();
    } catch {
      saved = null;
    }
    clearInterval(ticking);
    ticking = setInterval(tell, 1000);
    tell();
  };
  const check = async () => {
    try {
      const answer = await ask();
      if (!hear(answer)) return;
      if (answer.left <= 0) ended();
      else if (endsAt - warned - Date.now() > 100) {
        close();
        plan();
      } else if (canStay && Date.now() - typedAt < Math.min(TYPING, warned / 2)) await stay();
      else await warn();
    } catch {
      timer = setTimeout(check, 30_000); // no connection
    }
  };

  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (!forms.includes(form)) return;
    touched.add(form);
    saved = false;
    typedAt = Date.now();
    if (!endsAt) {
      endsAt = Infinity;
      check();
    }
  });
  // What was saved here is sent now, or not wanted: it is not given back later.
  document.addEventListener("submit", () => {
    if (localStorage.getItem(mark) !== person) return;
    localStorage.removeItem(mark);
    ask("restore", new URLSearchParams(), { keepalive: true }).catch(() => {});
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible" && endsAt && (dialog.open || Date.now() > endsAt - warned)) check();
  });
  other.addEventListener("message", check);
  const closeUntilTheEnd = () => {
    close();
    timer = setTimeout(check, Math.max(endsAt - Date.now(), 0) + 50);
  };
  part("stay").addEventListener("click", () => stay().catch(check));
  part("close").addEventListener("click", closeUntilTheEnd);
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    if (!part("again").hidden) return;
    if (canStay) stay().catch(check);
    else closeUntilTheEnd();
  });
  setTimeout(() => endsAt || check(), 120_000); // a form that is only looked at
  giveBack().catch(() => {});
}
