// Works a file's checksum out here, so that the file itself is never sent. Where that can't be done, the form sends it.
const form = document.querySelector("form[data-verify]");
const says = form?.querySelector("[data-verify-says]");
const box = form?.querySelector("input[type=file]");

if (form && box && says && globalThis.crypto?.subtle) {
  // The sentence that says where the file goes is true for this browser now.
  const [sent, here] = ["id_file_helptext", "id_file_here"].map((id) => document.getElementById(id));
  here.textContent && (sent.textContent = here.textContent);

  let busy = false;
  const look = async (file) => {
    if (busy) return;
    busy = true;
    says.textContent = `Working out the checksum of ${file.name}`;
    try {
      const found = new Uint8Array(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
      const checksum = [...found].map((byte) => byte.toString(16).padStart(2, "0")).join("");
      location.assign(`${form.dataset.verify}${checksum}/`);
    } catch {
      says.textContent = "This browser could not read the file. Choose it again, or paste its checksum below.";
    } finally {
      busy = false;
    }
  };
  form.addEventListener("submit", (event) => {
    if (!box.files.length) return; // the server says what is missing
    event.preventDefault();
    look(box.files[0]);
  });
  // What is dropped is looked at without another press.
  form.addEventListener("drop", () => setTimeout(() => box.files.length && look(box.files[0])));
  window.addEventListener("pageshow", () => (says.textContent = ""));
}
