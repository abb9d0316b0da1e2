// What is being written: something new; an answer, { kind: "reply", id, quote, title, gist }; or what a message is to
// say from now on, { kind: "edit", id, url, title, gist, before }, where `before` is the draft that gave way to it.

let form = null;
let address = "";
let now = null;

export function mount(composer, onLeave) {
  form = composer;
  now = given();
  address = now?.kind === "edit" ? form.dataset.messages : form.action;
  line().querySelector(".close").addEventListener("click", (event) => {
    event.preventDefault();
    onLeave();
  });
}

export function about() {
  return now;
}

// What a form says beside its text, and where it is sent.
export function fields() {
  return now?.kind === "reply" ? { reply_to: now.id, quote: now.quote } : {};
}

export function url() {
  return now?.kind === "edit" ? now.url : address;
}

export function set(about) {
  now = about;
  const { title = "", gist = "" } = about ?? {};
  line().hidden = !about;
  line().querySelector(".composing-title").textContent = title;
  line().querySelector(".composing-gist").textContent = gist;
  line().querySelector(".close").href ||= location.pathname;
  form.reply_to.value = fields().reply_to ?? "";
  form.quote.value = fields().quote ?? "";
  form.querySelector("button[type=submit]").textContent = about?.kind === "edit" ? "Save" : "Send";
}

// What the page was asked for by its address.
function given() {
  if (line().hidden) return null;
  const [title, gist] = [".composing-title", ".composing-gist"].map((part) => line().querySelector(part).textContent);
  if (form.reply_to.value) return { kind: "reply", id: form.reply_to.value, quote: form.quote.value, title, gist };
  return { kind: "edit", id: form.dataset.edited, url: form.action, title, gist, before: null };
}

function line() {
  return form.querySelector("#composing");
}
